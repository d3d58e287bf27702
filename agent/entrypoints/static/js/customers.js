// What tool results of the open conversation said about its customers, one set of sections for each.

import { sectionsOf, subjectOf, wholeSections } from "./subjects.js";

export class Customers {
  #known = new Map();

  // Takes in a finished call for every customer that it is about.
  learn(call) {
    const id = subjectOf(call)?.customerId;
    if (!id) return;
    const { whole, ...sections } = sectionsOf(call, id);
    if (whole) this.learnWhole(id, whole.data, whole.at);
    else this.#known.set(id, { ...this.of(id), sections: { ...this.of(id).sections, ...sections } });
  }

  learnWhole(id, data, at) {
    this.#known.set(id, {
      sections: wholeSections(data, at),
      readAt: at,
      differences: data.discrepancies ?? [],
      information: data.information ?? [],
      unavailable: data.unavailable ?? [],
      lifetime: data.lifetime ?? null,
    });
  }

  of(id) {
    return this.#known.get(id) ?? { sections: {}, readAt: null, differences: [], information: [], unavailable: [], lifetime: null };
  }

  // Whether an id, a name, an address or a number is this customer's.
  isKnownBy(id, said) {
    const { account, profile } = this.of(id).sections;
    const digits = (text) => String(text ?? "").replace(/\D/g, "");
    const wanted = String(said).trim().toLowerCase();
    const names = [id, nameOf(this.of(id).sections), account?.data.username, account?.data.email, profile?.data.email];
    if (names.some((name) => name && name.toLowerCase() === wanted)) return true;
    return /^[\d\s()+./-]{7,}$/.test(wanted) && digits(profile?.data.phone).endsWith(digits(wanted));
  }

  // [[id, name]] in the order in which they came up.
  named() {
    return [...this.#known].map(([id, known]) => [id, nameOf(known.sections) || id]);
  }
}

export function nameOf(sections) {
  const { first_name: first, last_name: last } = (sections.account ?? sections.profile)?.data ?? {};
  return [first, last].filter(Boolean).join(" ");
}
