from a
run x
Copy y z
