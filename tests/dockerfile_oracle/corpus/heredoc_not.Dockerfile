FROM a
RUN cat <<<word
ENV A=<<EOF
USER y
