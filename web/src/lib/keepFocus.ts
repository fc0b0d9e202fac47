/** Where what held the focus is gone, the page's title takes it, so that the keyboard goes on from there. */
export function keepFocus(held: Element | null): void {
  const title = document.querySelector<HTMLElement>("h1");
  if (!held || held.isConnected || document.activeElement !== document.body || !title) return;
  title.tabIndex = -1;
  title.focus({ preventScroll: true });
}
