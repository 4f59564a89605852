import { catalogue } from '../../../machines/catalogue.ts';
import { elkGraph } from '../../core/chart/elk-graph.ts';
import { placeChart } from '../../core/chart/placed.ts';
import { chartSvg } from '../../core/chart/svg.ts';
import type { Chart } from '../../core/inspect.ts';
import { sys } from '../../runtime/index.ts';
import { chartsPage } from './page.ts';

/** A file to be written, its name below the folder of the documents. */
export interface DrawnFile {
  readonly name: string;
  readonly text: string;
}

/** Every statechart of `machines/`, and the page that shows them. The same machines give the same texts. */
export async function drawCatalogue(): Promise<readonly DrawnFile[]> {
  const layout = await openLayout();
  const drawn = catalogue.map(async ({ file, machine }) => ({
    name: `diagrams/${file.replace(/\.ts$/, '.svg')}`,
    text: await layout(sys.chartOf(machine)),
  }));
  return [{ name: 'statecharts.md', text: chartsPage(catalogue) }, ...(await Promise.all(drawn))];
}

/** ELK is 1.6 MB of code: it is read only where something is drawn. */
async function openLayout(): Promise<(chart: Chart) => Promise<string>> {
  const { default: elkjs } = await import('elkjs/lib/elk.bundled.js');
  const elk = new elkjs.default();
  return async (chart) => chartSvg(placeChart(chart, await elk.layout(elkGraph(chart))));
}
