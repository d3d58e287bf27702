// Reads server-sent events out of a fetched response.

export async function* readEvents(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let waiting = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      waiting += value;
      // Frames end at an empty line and lines at \n alone: JSON text may hold other line ends.
      let end = waiting.indexOf("\n\n");
      while (end >= 0) {
        const event = parsed(waiting.slice(0, end));
        waiting = waiting.slice(end + 2);
        if (event) yield event;
        end = waiting.indexOf("\n\n");
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

function parsed(frame) {
  let number = null;
  let data = "";
  for (const line of frame.split("\n")) {
    if (line.startsWith("id:")) number = Number(line.slice(3));
    else if (line.startsWith("data:")) data += line.slice(5).trimStart();
  }
  return data ? { number, event: JSON.parse(data) } : null;
}
