"""The blocks of the walkthrough and of the teachers' page: a step, its evidence, presenting, being ready for a class."""
