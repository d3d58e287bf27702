// Which customer a tool result speaks of. Only results count, never the model's words.

const tool = (call) => call.tool.replace(/^[a-z]+___/, "");

const one = (id) => (id ? { customerId: id } : null);
const nobody = (candidates = []) => ({ customerId: null, candidates });

const READERS = {
  find_customers: ({ customers = [] }) =>
    customers.length === 1 ? one(customers[0].customer_id) : nobody(customers),
  get_customer_360: (data) => (data.found ? one(data.customer_id) : nobody()),
  get_customer_profile: ({ found, profile, candidates = [] }) =>
    found && profile ? one(profile.customer_id) : nobody(candidates),
  list_orders: (data, input) => (input.customer_id && data.customer_known ? one(input.customer_id) : null),
  get_order: ({ customer }) => one(customer?.customer_id),
  list_reviews: ({ reviews = [] }, input) => (input.customer_id && reviews.length ? one(input.customer_id) : null),
  verify_customer: (data, input) => (data.status ? one(input.customer_id) : null),
};

// {customerId} of one customer, {customerId: null, candidates} when it is open who is meant, null for neither.
export function subjectOf(call) {
  if (!call.ok || !call.data) return null;
  return READERS[tool(call)]?.(call.data, call.input ?? {}) ?? null;
}

// Every customer whom the results of a turn speak of; candidates when it is open who is meant.
// A search that finds nobody does not hide a customer whom the same turn identified.
export function customersOf(calls) {
  const found = calls.map(subjectOf).filter(Boolean);
  const ids = [...new Set(found.map(({ customerId }) => customerId).filter(Boolean))];
  return { ids, candidates: found.findLast(({ customerId }) => !customerId)?.candidates ?? null };
}

// What a call that has only begun names a customer by, null when its arguments name none.
export function askedAbout({ tool: name, input = {} }) {
  if (input.customer_id) return input.customer_id;
  if (tool({ tool: name }) === "find_customers") return input.query ?? null;
  return tool({ tool: name }) === "get_customer_profile" ? (input.email ?? input.phone ?? null) : null;
}

// What the results of one call say about one customer, by section, each with its system and time.
export function sectionsOf(call, customerId) {
  if (!call.ok || !call.data) return {};
  const { data, at } = call;
  const input = call.input ?? {};
  switch (tool(call)) {
    case "get_customer_360":
      return data.customer_id === customerId ? { whole: { data, at } } : {};
    case "find_customers": {
      const customer = data.customers?.find(({ customer_id: id }) => id === customerId);
      return customer ? { account: { data: customer, at } } : {};
    }
    case "get_customer_profile":
      return data.profile?.customer_id === customerId ? { profile: { data: data.profile, at } } : {};
    case "list_orders":
      return onlyAbout(input, customerId) && data.customer_known ? { orders: { data, at } } : {};
    case "list_reviews":
      return onlyAbout(input, customerId) ? { reviews: { data, at } } : {};
    default:
      return {};
  }
}

// A list that was narrowed further is not all that the customer has.
function onlyAbout(input, customerId) {
  const narrowing = Object.keys(input).filter((key) => !["customer_id", "limit"].includes(key));
  return input.customer_id === customerId && narrowing.length === 0;
}

// The sections of a whole record, as the panel shows them.
export function wholeSections(data, at) {
  const section = (value) => (value ? { data: value, at } : null);
  return {
    account: section(data.customer),
    profile: section(data.profile),
    orders: section(data.orders),
    reviews: section(data.reviews),
    warranties: section(data.warranties),
  };
}
