// What was typed into a field of a form? Without the spaces around it.
export function field(form: HTMLFormElement, name: string): string {
  const typed = new FormData(form).get(name);
  return typeof typed === "string" ? typed.trim() : "";
}
