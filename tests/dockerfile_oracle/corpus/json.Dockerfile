FROM a
CMD ["a", "b c"]
ENTRYPOINT [ "x" ]
SHELL ["/bin/bash", "-c"]
VOLUME ["/a", "/b"]
COPY ["a b", "c"]
