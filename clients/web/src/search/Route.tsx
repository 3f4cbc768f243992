// Where first, and when? The stops of each day.
export interface Routed {
  type: "route";
  days: { date: string; stops: { id: string; name: string | null; arrive: string; leave: string; travel_minutes: number }[] }[];
}

export function Route({ days }: Routed) {
  return (
    <>
      {days.map((day) => (
        <section key={day.date}>
          <h3><time dateTime={day.date}>{day.date}</time></h3>
          <ol>
            {day.stops.map((stop) => (
              <li key={stop.id}>{stop.arrive}–{stop.leave} <b>{stop.name}</b> <small>{Math.round(stop.travel_minutes)} min →</small></li>
            ))}
          </ol>
        </section>
      ))}
    </>
  );
}
