"""What every page shares: state and link, charts, switches, live blocks, the tools of a drawing, repairs of Streamlit."""
