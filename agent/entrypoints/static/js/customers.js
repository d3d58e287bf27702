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

  // [[id, name]] in the order in which they came up.
  named() {
    return [...this.#known].map(([id, known]) => [id, nameOf(known.sections) || id]);
  }
}

export function nameOf(sections) {
  const { first_name: first, last_name: last } = (sections.account ?? sections.profile)?.data ?? {};
  return [first, last].filter(Boolean).join(" ");
}
