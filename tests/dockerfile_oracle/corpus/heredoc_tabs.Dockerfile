FROM a
RUN <<-EOF
	echo
	EOF
USER y
