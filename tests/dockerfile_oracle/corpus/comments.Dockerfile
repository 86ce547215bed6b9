# one
FROM a
#two
   # three
RUN x # no comment
# end
