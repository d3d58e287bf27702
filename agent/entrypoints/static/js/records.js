// Every record that tool results of this conversation showed: what an id in an answer can be a link to.

const KINDS = [
  ["order", "order_id", (item) => "total_amount" in item],
  ["warranty", "serial_number", (item) => "warranty_end_date" in item],
  ["review", "review_id", (item) => "rating" in item],
  ["product", "product_id", (item) => "price" in item],
  ["customer", "customer_id", () => true],
];
const HOME = { order: "aurora", warranty: "warranty", review: "catalog" };

export class Records {
  #byId = new Map();

  // Takes in what a finished call brought.
  learn(call) {
    if (call.ok && call.data) this.#walk(call.data, call);
  }

  find(kind, id) {
    return this.#byId.get(`${kind} ${id}`) ?? null;
  }

  // Ids that are a word of their own; plain numbers are too common to be recognised anywhere.
  wordy() {
    const found = new Map();
    for (const { kind, id } of this.#byId.values()) if (/[A-Za-z]/.test(id)) found.set(id, kind);
    return found;
  }

  #walk(value, call) {
    if (Array.isArray(value)) for (const item of value) this.#walk(item, call);
    else if (value !== null && typeof value === "object") {
      for (const [kind, key, fits] of KINDS) {
        const id = value[key];
        if ((typeof id === "string" || typeof id === "number") && fits(value)) this.#keep(kind, String(id), value, call);
      }
      if (value.group_by === "customer") for (const { key } of value.groups ?? []) this.#keep("customer", String(key), {}, call);
      for (const inner of Object.values(value)) if (typeof inner === "object") this.#walk(inner, call);
    }
  }

  #keep(kind, id, fields, call) {
    const key = `${kind} ${id}`;
    const source = { system: HOME[kind] ?? this.#systemOf(kind, fields, call), at: call.at, fields };
    const known = this.#byId.get(key) ?? { kind, id, customerId: null, sources: [] };
    known.customerId = fields.customer_id ?? known.customerId;
    known.sources = [...known.sources.filter(({ system }) => system !== source.system), source];
    this.#byId.set(key, known);
  }

  #systemOf(kind, fields, call) {
    if (call.system !== "local") return call.system;
    if (kind === "customer") return "tier" in fields || "lifetime_value" in fields ? "profile" : "aurora";
    return "category_id" in fields ? "catalog" : "aurora";
  }
}
