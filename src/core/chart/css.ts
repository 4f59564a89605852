/**
 * How a chart looks. Colours are custom properties, so that a page can set its own; `is-active`, `is-next` and
 * `is-taken` are classes that a page adds to the groups of states and transitions.
 */
export const chartCss = `.chart{--chart-paper:#fff;--chart-panel:#f7f8fa;--chart-box:#fff;--chart-line:#c9cfd8;--chart-ink:#1d2433;--chart-quiet:#667085;--chart-arrow:#8b95a7;--chart-accent:#3b6ef6;--chart-glow:#e6edff;--chart-person:#b4690e;--chart-person-box:#fff6e5;--chart-trouble:#b3383e;--chart-trouble-box:#fdf0f0;--chart-end:#2f8a57;--chart-end-box:#ecf8f1;font-family:Helvetica,Arial,"Liberation Sans",sans-serif;color:var(--chart-ink)}
@media (prefers-color-scheme:dark){.chart{--chart-paper:#14171d;--chart-panel:#1a1e26;--chart-box:#222834;--chart-line:#3b4453;--chart-ink:#e7ebf2;--chart-quiet:#9aa5b8;--chart-arrow:#6f7b90;--chart-accent:#7ea2ff;--chart-glow:#22315a;--chart-person:#f0b45b;--chart-person-box:#352a18;--chart-trouble:#f08a8e;--chart-trouble-box:#33201f;--chart-end:#6cc795;--chart-end-box:#1a2e24}}
.chart .paper{fill:var(--chart-paper)}
.chart .box{fill:var(--chart-box);stroke:var(--chart-line);stroke-width:1.25}
.chart .ring{fill:none;stroke-width:1}
.chart .depth-0>.box,.chart .outer>.box{fill:var(--chart-panel)}
.chart .passing>.box{stroke-dasharray:5 4}
.chart .final>.box,.chart .final>.ring{fill:var(--chart-end-box);stroke:var(--chart-end)}
.chart .tag-person>.box{fill:var(--chart-person-box);stroke:var(--chart-person)}
.chart .tag-trouble>.box{fill:var(--chart-trouble-box);stroke:var(--chart-trouble)}
.chart .tag-trouble>.ring{fill:none;stroke:var(--chart-trouble)}
.chart text{fill:var(--chart-ink);font-size:11.5px}
.chart .title{font-size:14px;font-weight:600}
.chart .quiet,.chart .sign{fill:var(--chart-quiet)}
.chart .rule{stroke:var(--chart-line);stroke-width:1}
.chart .dot{fill:var(--chart-ink)}
.chart .anywhere{fill:none;stroke:var(--chart-line);stroke-dasharray:3 3}
.chart .line{fill:none;stroke:var(--chart-arrow);stroke-width:1.4}
.chart .head{fill:var(--chart-arrow)}
.chart .plate{fill:var(--chart-panel)}
.chart .guard{fill:var(--chart-quiet);font-style:italic}
.chart .is-active>.box{stroke:var(--chart-accent);stroke-width:2.25;fill:var(--chart-glow)}
.chart .outer.is-active>.box{fill:var(--chart-panel)}
.chart .is-next .line{stroke:var(--chart-accent);stroke-opacity:.55}
.chart .is-taken .line{stroke:var(--chart-accent);stroke-width:2.5}
.chart .is-next .head,.chart .is-taken .head{fill:var(--chart-accent)}
.chart .is-taken text{fill:var(--chart-accent);font-weight:600}`;
