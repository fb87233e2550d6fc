// Words come translated from the template of the element; figures are written as the language of the page does.
const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"];

export class Wording {
  constructor(template) {
    this.words = {};
    for (const word of template.content.querySelectorAll("[data-word]")) this.words[word.dataset.word] = word.textContent;
    this.language = document.documentElement.lang || "fr";
  }

  has(name) {
    return name in this.words;
  }

  say(name, values = {}) {
    return this.words[name].replace(/\{(\w+)\}/g, (_whole, key) => values[key] ?? "");
  }

  // In French, 0 and 1 are singular; in English, 1 alone is.
  count(name, count, values = {}) {
    const one = new Intl.PluralRules(this.language).select(count) === "one";
    return this.say(`${name}_${one ? "one" : "many"}`, { count: this.number(count), ...values });
  }

  number(value) {
    return new Intl.NumberFormat(this.language).format(value);
  }

  percent(part) {
    return new Intl.NumberFormat(this.language, { style: "percent" }).format(Math.floor(part * 100) / 100);
  }

  size(bytes, suffix = "") {
    let step = 0;
    while (bytes >= 1000 && step < UNITS.length - 1) {
      bytes /= 1000;
      step += 1;
    }
    return this.unit(bytes, UNITS[step] + suffix, bytes < 10 && step > 1 ? 1 : 0);
  }

  speed(bytes) {
    return this.size(bytes, "-per-second");
  }

  time(seconds) {
    if (seconds < 60) return this.unit(Math.max(1, Math.ceil(seconds)), "second", 0);
    if (seconds < 3600) return this.unit(Math.ceil(seconds / 60), "minute", 0);
    return this.unit(seconds / 3600, "hour", 1);
  }

  unit(value, unit, digits) {
    const style = { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: digits };
    return new Intl.NumberFormat(this.language, style).format(value);
  }
}
