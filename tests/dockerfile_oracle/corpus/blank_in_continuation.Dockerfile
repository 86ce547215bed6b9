FROM a
RUN one \

   two
USER x
