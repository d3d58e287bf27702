// Finds the reply to the customer that an answer suggests, so that it can be copied on its own.

const OPENING =
  /^\s*(?:#{1,4}\s*)?(?:\*\*|__)?(?:a\s+)?(?:suggested|proposed|draft(?:ed)?)\s+(?:reply|answer|message|response)(?:\s+to\s+(?:the\s+)?customer)?\s*:?\s*(?:\*\*|__)?\s*:?\s*/im;

// The reply as plain text, null when the answer has none.
export function suggestedReply(markdown) {
  const opening = OPENING.exec(markdown);
  if (!opening) return null;
  const rest = markdown.slice(opening.index + opening[0].length).replace(/^\n+/, "");
  const reply = rest.startsWith(">") ? quoted(rest) : rest.split(/\n\s*\n(?=#|\*\*)|\n#{1,4}\s/)[0];
  const plain = reply.replace(/\*\*|__/g, "").trim().replace(/^["“„](.*)["”“]$/s, "$1").trim();
  return plain || null;
}

function quoted(text) {
  const lines = [];
  for (const line of text.split("\n")) {
    if (!line.startsWith(">")) break;
    lines.push(line.replace(/^>\s?/, ""));
  }
  return lines.join("\n");
}
