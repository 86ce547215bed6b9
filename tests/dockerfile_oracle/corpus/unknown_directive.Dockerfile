# unknown=x
# escape=`
FROM a
RUN one \
   two
