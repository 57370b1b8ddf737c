// What a person finds on the page, by role and name.

export function stage(page) {
  const button = (name) => page.getByRole("button", { name, exact: true });
  const region = (name) => page.getByRole("region", { name, exact: true });
  return {
    button,
    region,
    slider: page.getByRole("slider", { name: "Step", exact: true }),
    scenario: page.getByRole("combobox", { name: "Scenario", exact: true }),
    runtimes: page.getByRole("radiogroup", { name: "Runtime", exact: true }),
    runtime: (name) => page.getByRole("radio", { name }),
    grain: page.getByRole("combobox", { name: "Step by", exact: true }),
    speed: page.getByRole("combobox", { name: "Speed", exact: true }),
    sentence: page.getByRole("status", { name: "What is happening", exact: true }),
    source: page.getByRole("textbox", { name: "Program source", exact: true }),
    alert: page.getByRole("alert"),
    tab: (name) => page.getByRole("tab", { name, exact: true }),
    /** [41, 86] for "step 41 of 86" */
    async position() {
      const text = await this.slider.getAttribute("aria-valuetext");
      return /^step (\d+) of (\d+)$/.exec(text).slice(1).map(Number);
    },
    async step() {
      return (await this.position())[0];
    },
    async last() {
      return (await this.position())[1];
    },
    said() {
      return this.sentence.innerText();
    },
  };
}
