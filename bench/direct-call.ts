/** A streaming call of a model without any assistant in between, read to its end. Resolves with its milliseconds. */
export async function callDirectly(modelUrl: string): Promise<number> {
  const startedAt = performance.now();
  const response = await fetch(`${modelUrl}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'default', stream: true, messages: [{ role: 'user', content: 'Go on.' }] }),
  });
  if (!response.ok) throw new Error(`the model server answered ${response.status}`);
  await response.text();
  return performance.now() - startedAt;
}
