/* The form of a follow-up action: of the fields that states demand, show those that the chosen one
   asks for, and those that are filled. Without this script all of them are there. */
(() => {
  const panelOf = (name) => {
    const input = document.querySelector(`[name="${name}"], [name^="${name}_"]`);
    return input && input.closest(".w-panel__wrapper");
  };

  const isFilled = (panel) =>
    [...panel.querySelectorAll("input, select, textarea")].some((input) => input.value);

  const watch = (select) => {
    const demands = JSON.parse(select.dataset.demands);
    const demanded = JSON.parse(select.dataset.demanded);
    // Kinds that name a body or give a reason without setting a state.
    const byKind = {
      lead: ["concerned_body"],
      referral: ["concerned_body"],
      postponed: ["reason_text"],
      suspension: ["reason_text"],
      end: ["reason_text"],
      correction: ["reason_text"],
    };
    const kind = document.querySelector('[name="kind"]');

    const refresh = () => {
      const asked = new Set([
        ...(demands[select.value] || []),
        ...((kind && byKind[kind.value]) || []),
      ]);
      demanded.forEach((name) => {
        const panel = panelOf(name);
        if (panel) {
          panel.classList.toggle("is-not-asked", !asked.has(name) && !isFilled(panel));
        }
      });
    };

    select.addEventListener("change", refresh);
    if (kind) {
      kind.addEventListener("change", refresh);
    }
    refresh();
  };

  const start = () => document.querySelectorAll("select[data-demands]").forEach(watch);

  if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", start);
  } else {
    start();
  }
})();
