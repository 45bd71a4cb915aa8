"""The blocks of the pages that compare: what is compared, its runs one after the other, and the picture that fills."""
