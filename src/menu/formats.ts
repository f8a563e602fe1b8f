/** `1858`, `293.0KiB`, `1.5MiB`: a size in the way of RouterOS. */
export function formatSize(bytes: number): string {
  if (bytes < 10_000) return String(bytes);
  const units = ['KiB', 'MiB', 'GiB'];
  let size = bytes / 1024;
  let unit = 0;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit++;
  }
  return `${size.toFixed(1)}${units[unit] ?? ''}`;
}
