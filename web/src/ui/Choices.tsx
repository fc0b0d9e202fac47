import "./Choices.css";

interface ChoicesProps<Value extends string> {
  label: string;
  options: readonly { value: Value; label: string }[];
  value: readonly Value[];
  onChange: (value: Value[]) => void;
}

/** Several of a few values, each a button that is pressed or not: reached by Tab, and no list to open. */
export function Choices<Value extends string>({ label, options, value, onChange }: ChoicesProps<Value>) {
  function toggle(one: Value): void {
    onChange(value.includes(one) ? value.filter((each) => each !== one) : [...value, one]);
  }
  return (
    <fieldset className="choices">
      <legend>{label}</legend>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={value.includes(option.value)}
          onClick={() => toggle(option.value)}
        >
          {option.label}
        </button>
      ))}
    </fieldset>
  );
}
