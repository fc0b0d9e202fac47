"""Print-outs: a form is what it says (`forms`) and a template of typst; `typesetter` makes a PDF of the two."""
