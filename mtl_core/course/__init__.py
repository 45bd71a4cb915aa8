"""The walkthrough's steps, one a file, in the order of `mtl_core.lessons.STEPS`."""
