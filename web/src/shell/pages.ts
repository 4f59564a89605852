import {
  Activity,
  Brain,
  CalendarClock,
  ChartNoAxesColumn,
  ListTodo,
  type LucideIcon,
  MessageCircle,
  Puzzle,
  ScrollText,
  Settings,
  Sparkles,
} from 'lucide-preact';
import type { ComponentType } from 'preact';
import ChatPage from '../chat/index.tsx';

/** A place of the page. `load` fetches its code when it is first visited. */
export interface PageEntry {
  readonly path: string;
  readonly title: string;
  readonly icon: LucideIcon;
  /** Pressed after `g`. */
  readonly key: string;
  load(): Promise<{ readonly default: ComponentType }>;
}

/** In the order of the navigation. */
export const PAGES: readonly PageEntry[] = [
  { path: '/', title: 'Chat', icon: MessageCircle, key: 'c', load: async () => ({ default: ChatPage }) },
  {
    path: '/memory',
    title: 'Memory',
    icon: Brain,
    key: 'm',
    load: () => import('../pages/memory/index.tsx'),
  },
  {
    path: '/routines',
    title: 'Routines',
    icon: CalendarClock,
    key: 'r',
    load: () => import('../pages/routines/index.tsx'),
  },
  { path: '/jobs', title: 'Jobs', icon: ListTodo, key: 'j', load: () => import('../pages/jobs/index.tsx') },
  {
    path: '/extensions',
    title: 'Extensions',
    icon: Puzzle,
    key: 'e',
    load: () => import('../pages/extensions/index.tsx'),
  },
  {
    path: '/skills',
    title: 'Skills',
    icon: Sparkles,
    key: 'k',
    load: () => import('../pages/skills/index.tsx'),
  },
  { path: '/inspect', title: 'Actors', icon: Activity, key: 'a', load: () => import('../inspect/index.tsx') },
  {
    path: '/usage',
    title: 'Usage',
    icon: ChartNoAxesColumn,
    key: 'u',
    load: () => import('../pages/usage/index.tsx'),
  },
  { path: '/logs', title: 'Logs', icon: ScrollText, key: 'l', load: () => import('../pages/logs/index.tsx') },
  {
    path: '/settings',
    title: 'Settings',
    icon: Settings,
    key: 's',
    load: () => import('../pages/settings/index.tsx'),
  },
];

/** The page that an address belongs to; undefined: none. `/chat/ID` is a conversation. */
export function pageAt(path: string): PageEntry | undefined {
  const first = `/${path.split('/')[1] ?? ''}`;
  return PAGES.find((page) => page.path === (first === '/chat' ? '/' : first));
}
