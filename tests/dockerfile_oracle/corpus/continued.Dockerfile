FROM a
RUN one \
  # a comment
    two \
    three   \  
    four
USER x
