FROM al\
pine
RUN x
