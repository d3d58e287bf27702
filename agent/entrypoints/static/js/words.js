// The rep's words for what systems, tools and fields are called inside.

const SYSTEMS = {
  aurora: "Aurora",
  catalog: "Catalogue",
  warranty: "Warranty",
  profile: "Profile",
  local: "All systems",
  model: "Model",
  conversations: "Conversations",
};

const HEADS = {
  order_id: "Order",
  customer_id: "Customer",
  product_id: "Product",
  review_id: "Review",
  serial_number: "Serial number",
  total_amount: "Total",
  order_date: "Date",
  created_at: "Since",
  username: "User name",
  first_name: "First name",
  last_name: "Last name",
  matched_by: "Matched by",
  stock_quantity: "In stock",
  verified_purchase: "Verified purchase",
  warranty_end_date: "Ends",
  warranty_type: "Type",
  purchase_date: "Purchased",
  lifetime_value: "Lifetime value",
  total_purchases: "Purchases",
  support_cases_count: "Support cases",
  category_id: "Category",
  days_left: "Days left",
  email: "E-mail",
  sms: "SMS",
  zip: "ZIP",
  sql: "SQL",
};

const ERRORS = {
  invalid_input: "The question to the system was not valid.",
  refused: "The call was refused.",
  unavailable: "The system could not be reached.",
  timeout: "The system did not answer in time.",
  busy: "The system is busy.",
  internal: "The system had a fault of its own.",
  stopped: "Stopped before it answered.",
};

const MONEY = new Set([
  "total_amount", "price", "lifetime_value", "sum", "orders_total", "profile_lifetime_value", "overall_total",
]);

let given = {};

export function learnSystems(systems) {
  given = Object.fromEntries(systems.map(({ system, label }) => [system, label]));
}

// The short name stands where space is short; the label that the server gives says more.
export const systemName = (system) => SYSTEMS[system] ?? given[system] ?? plain(system);
export const systemLabel = (system) => given[system] ?? systemName(system);
export const head = (field) => HEADS[field] ?? plain(field);
export const isMoney = (field) => MONEY.has(field);
export const errorSentence = (kind) => ERRORS[kind] ?? "The system did not answer.";
export const toolName = (tool) => tool.replace(/^[a-z]+___/, "");

export function plain(name) {
  const words = String(name).replaceAll("_", " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function list(names) {
  if (names.length < 2) return names.join("");
  return `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
