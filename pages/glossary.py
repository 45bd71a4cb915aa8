"""Every word of the app: the plain one first, then the formal one, what it means, and who says so."""

from __future__ import annotations

import streamlit as st

from mtl_core.language import _
from mtl_core.lessons.glossary import GLOSSARY

st.title(_("Words"))
st.markdown(_("The plain word that this app uses, the formal one to look up elsewhere, what it means, and its source."))
for key, term in sorted(GLOSSARY.items(), key=lambda entry: _(entry[1].plain).lower()):
    st.header(_(term.plain), anchor=key)
    formal = f"*{_(term.formal)}*  \n" if term.formal else ""
    st.markdown(f"{formal}{_(term.definition)}")
    if term.source:
        st.caption(_(term.source))
