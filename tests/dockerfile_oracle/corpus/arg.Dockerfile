ARG TAG=1
ARG B
FROM a:$TAG
ARG TAG
ENV X=1 Y="a b" Z=c\ d
ENV OLD value here
LABEL a=b c="d e"
