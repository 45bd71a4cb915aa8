"""What `concatenate` does in a multi-task model: the parts that know nothing of Streamlit."""
