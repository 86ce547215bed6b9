# escape=`
FROM a
RUN dir C:\\
RUN one `
    two
USER y
