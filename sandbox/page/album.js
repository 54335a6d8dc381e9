// Where the pictures of an album lie. The rules are the ones people know from Telegram: two to
// four pictures are placed by their shapes, more are split into rows that fill the width.

const WIDTH = 420;
const MAX_HEIGHT = 520;
const GAP = 2;
const MIN_SIDE = 68;

/**
 * Layout of an album. `sizes` are `{width, height}` in pixels; gives `{width, height, boxes}`,
 * where boxes are `{x, y, width, height}` in the same units and order.
 */
export function layoutAlbum(sizes) {
  const ratios = sizes.map(({ width, height }) => clamp(width / Math.max(height, 1), 0.45, 2.6));
  if (ratios.length === 1) return single(sizes[0]);
  const placed = small(ratios) ?? rows(ratios);
  const height = Math.max(...placed.map((box) => box.y + box.height));
  return { width: WIDTH, height, boxes: placed };
}

const clamp = (value, low, high) => Math.min(Math.max(value, low), high);
const sum = (values) => values.reduce((a, b) => a + b, 0);

function single({ width, height }) {
  const scale = Math.min(WIDTH / width, MAX_HEIGHT / height);
  const shown = { width: Math.max(width * scale, 140), height: Math.max(height * scale, 90) };
  return { ...shown, boxes: [{ x: 0, y: 0, ...shown }] };
}

/** Two to four pictures. Wide first ones lie on top, tall first ones stand on the left. */
function small(ratios) {
  if (ratios.length > 4) return null;
  if (ratios.length === 2) {
    return ratios.every((ratio) => ratio > 1.4) ? rowsFrom(ratios, [1, 1]) : rowsFrom(ratios, [2]);
  }
  if (ratios[0] > 1.15) return rowsFrom(ratios, [1, ratios.length - 1]);
  if (ratios.length === 4 && ratios.every((ratio) => Math.abs(ratio - 1) < 0.15)) {
    return rowsFrom(ratios, [2, 2]);
  }
  return firstOnTheLeft(ratios);
}

function firstOnTheLeft([first, ...others]) {
  const height = clamp(sum(others.map((ratio) => 150 / ratio)), 280, MAX_HEIGHT * 0.85);
  const left = Math.round(clamp(height * first, WIDTH * 0.5, WIDTH * 0.68));
  const weights = others.map((ratio) => 1 / clamp(ratio, 0.7, 1.8));
  const free = height - GAP * (others.length - 1);
  let y = 0;
  const column = weights.map((weight) => {
    const box = { x: left + GAP, y, width: WIDTH - left - GAP, height: (free * weight) / sum(weights) };
    y += box.height + GAP;
    return box;
  });
  return [{ x: 0, y: 0, width: left, height }, ...column];
}

/** Five and more: the split into rows whose total height suits best. */
function rows(ratios) {
  const target = (WIDTH * 4) / 3;
  let best = null;
  for (const split of splits(ratios.length)) {
    const boxes = rowsFrom(ratios, split);
    const heights = rowHeights(ratios, split);
    const total = sum(heights) + GAP * (split.length - 1);
    const uneven = split.some((count, i) => i > 0 && split[i - 1] > count) ? 1.15 : 1;
    const thin = Math.min(...heights) < MIN_SIDE ? 1.5 : 1;
    const spread = Math.max(...heights) - Math.min(...heights);
    const cost = (Math.abs(total - target) + spread) * uneven * thin;
    if (best === null || cost < best.cost) best = { cost, boxes };
  }
  return best.boxes;
}

/** All ways to split `count` pictures into two to four rows of one to four pictures. */
function splits(count) {
  const found = [];
  const extend = (head, left) => {
    if (left === 0 && head.length > 1) found.push(head);
    if (left === 0 || head.length === 4) return;
    for (let take = 1; take <= Math.min(4, left); take += 1) extend([...head, take], left - take);
  };
  extend([], count);
  return found;
}

function rowHeights(ratios, split) {
  let start = 0;
  return split.map((count) => {
    const row = ratios.slice(start, start + count);
    start += count;
    return clamp((WIDTH - GAP * (count - 1)) / sum(row), MIN_SIDE, 320);
  });
}

function rowsFrom(ratios, split) {
  const boxes = [];
  let start = 0;
  let y = 0;
  rowHeights(ratios, split).forEach((height, i) => {
    const row = ratios.slice(start, start + split[i]);
    const free = WIDTH - GAP * (row.length - 1);
    let x = 0;
    for (const ratio of row) {
      const width = (free * ratio) / sum(row);
      boxes.push({ x, y, width, height });
      x += width + GAP;
    }
    start += split[i];
    y += height + GAP;
  });
  return boxes;
}
