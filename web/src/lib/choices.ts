/** What a person chose for this browser: kept in localStorage, read at start. */
interface Choices {
  language: "zh-CN" | "en";
  density: "compact" | "comfortable";
  keys: "on" | "off";
  /** The columns of the queue, with commas between. */
  columns: string;
}

const prefix = "aftercare.";

export function choice<Name extends keyof Choices>(name: Name): Choices[Name] | null {
  return localStorage.getItem(prefix + name) as Choices[Name] | null;
}

export function choose<Name extends keyof Choices>(name: Name, value: Choices[Name]): void {
  localStorage.setItem(prefix + name, value);
}
