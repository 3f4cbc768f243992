// What is called how? Names and their values.
export function Pairs({ title, pairs }: { title: string; pairs: Record<string, string | number> }) {
  return (
    <section>
      <h3>{title}</h3>
      <dl>{Object.entries(pairs).map(([name, value]) => <div key={name}><dt>{name}</dt><dd><code>{value}</code></dd></div>)}</dl>
    </section>
  );
}
