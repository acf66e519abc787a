// Block Kit, drawn. A message, a modal and App Home all come through `drawBlocks` with a `surface`:
//   names      {user(id), channel(id), now(), zone}    who and when, for mentions and dates
//   recall(block, element) / remember(block, element, state)    what a person has entered so far
//   press(block, element, value, host)    send a block action; warnings are shown under `host`
//   suggest(block, element, typed)    the app's options for an external select
//   confirm(dialog)    ask the element's own "are you sure"; resolves to true or false

import { h, sync } from "../dom.js";
import { drawActions } from "./actions.js";
import { drawImageBlock } from "./image.js";
import { drawInput } from "./input.js";
import { drawRichText } from "./rich_text.js";
import { drawSection } from "./section.js";
import { drawContext, drawDivider, drawHeader, drawMarkdown } from "./text_blocks.js";

const DRAW = {
  section: drawSection,
  header: drawHeader,
  divider: drawDivider,
  context: drawContext,
  actions: drawActions,
  image: drawImageBlock,
  input: drawInput,
  rich_text: drawRichText,
  markdown: drawMarkdown,
};

/** Show `blocks` in `host`; blocks that did not change keep their node, and with it focus and typed text. */
export function drawBlocks(host, blocks, surface) {
  sync(host, blocks.map((block, index) => ({ block, index })), {
    key: ({ block, index }) => block.block_id ?? `#${index}`,
    signature: ({ block }) => JSON.stringify(block),
    draw: ({ block }) => drawBlock(block, surface),
  });
}

function drawBlock(block, surface) {
  const draw = DRAW[block.type];
  const node = draw ? draw(block, surface) : unknownBlock(block.type);
  node.classList.add("block", `block-${block.type}`);
  node.dataset.testid = "block";
  node.dataset.blockType = block.type;
  if (block.block_id) node.dataset.blockId = block.block_id;
  return node;
}

function unknownBlock(type) {
  return h("div", { class: "not-drawn" }, `A “${type}” block is not drawn by this page.`);
}
