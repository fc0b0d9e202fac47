/** Who has the wallboard; the clocks themselves everybody may read. */
export const MAY_SEE = ["manager", "director"];
