import { t } from '../i18n.ts';

/** Links leave in a tab of their own, and say where they lead unless their text does. */
export function secureLinks(content: DocumentFragment): void {
  for (const link of content.querySelectorAll('a')) {
    if (!link.hasAttribute('href')) continue;
    if (link.origin === location.origin) continue;
    link.rel = 'noopener noreferrer nofollow';
    link.target = '_blank';
    const host = link.protocol === 'mailto:' ? link.pathname : link.host;
    if ((link.textContent ?? '').toLowerCase().includes(host.toLowerCase())) continue;
    const shown = document.createElement('span');
    shown.className = 'host';
    shown.textContent = ` (${host})`;
    link.after(shown);
  }
}

/** An image from elsewhere tells its owner who looks at it, and when: it becomes a link that says so. */
export function secureImages(content: DocumentFragment): void {
  for (const image of content.querySelectorAll('img')) {
    const source = image.getAttribute('src') ?? '';
    const url = URL.parse(source, location.origin);
    image.loading = 'lazy';
    if (/^data:image\/(png|jpeg|gif|webp);/i.test(source) || url?.origin === location.origin) continue;
    image.replaceWith(imageLink(image.alt, url));
  }
}

function imageLink(alt: string, url: URL | null): Node {
  const what = alt.trim() === '' ? t('Image') : alt;
  if (url === null || !/^https?:$/.test(url.protocol)) return document.createTextNode(what);
  const link = document.createElement('a');
  link.href = url.href;
  link.target = '_blank';
  link.rel = 'noopener noreferrer nofollow';
  link.className = 'remote-image';
  link.textContent = t('Show image: {what} ({host})', { what, host: url.host });
  return link;
}
