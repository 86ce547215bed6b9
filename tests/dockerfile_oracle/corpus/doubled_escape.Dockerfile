FROM a
RUN echo \\
USER b
