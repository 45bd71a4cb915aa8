"""The blocks of the playground: controls, drawing, training, dependence, response, and files to take home."""
