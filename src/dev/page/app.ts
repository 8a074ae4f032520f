import type { DevEvent } from '../events.ts';

const token = new URL(location.href).searchParams.get('token') ?? '';
new EventSource(`/events?token=${token}`).addEventListener('message', ({ data }) => {
  const event: DevEvent = JSON.parse(String(data));
  document.title = event.type;
});
