// Makes the report easier to use: tables that sort, sounds in step, token grids to look into.
// The page says everything without it. Text from the data is only ever set as text, never as markup.
(function () {
  "use strict";

  const root = document.documentElement;
  const all = (within, selector) => [...within.querySelectorAll(selector)];
  const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

  // One element. Attributes are set as given; children are elements or plain text.
  function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  }

  // A group of radio buttons. Calls `chosen` with the place of the one picked.
  let groups = 0;
  function radios(title, names, chosen) {
    const group = `choice-${++groups}`;
    const inputs = names.map((_, place) => make("input", { type: "radio", name: group, value: place }));
    inputs.forEach((input, place) => input.addEventListener("change", () => chosen(place)));
    const labels = names.map((name, place) => make("label", {}, inputs[place], name));
    return { element: make("fieldset", {}, make("legend", {}, title), ...labels), inputs };
  }

  function button(text, act, attributes = {}) {
    const element = make("button", { type: "button", ...attributes }, text);
    element.addEventListener("click", act);
    return element;
  }

  // ---- Tables ----

  const MISSING = /^(|-|–|—)$/;

  // What a cell sorts by: its data-value, else its text.
  function keyOf(row, column) {
    const cell = row.cells[column];
    return cell ? cell.dataset.value ?? cell.textContent.trim() : "";
  }

  function numberOf(text) {
    const plain = text.replace(/,(?=\d{3})/g, "").replace(/^−/, "-").replace(/\s*%$/, "");
    if (/^[-+]?inf(inity)?$/i.test(plain)) return plain[0] === "-" ? -Infinity : Infinity;
    return plain === "" ? NaN : Number(plain);
  }

  // A column is numeric if a cell gives a number in data-value, or if every cell that says something is a number.
  function isNumeric(rows, column) {
    const given = rows.some((row) => !Number.isNaN(numberOf(row.cells[column]?.dataset.value ?? "")));
    const keys = rows.map((row) => keyOf(row, column)).filter((key) => !MISSING.test(key));
    return given || (keys.length > 0 && keys.every((key) => /^nan$/i.test(key) || !Number.isNaN(numberOf(key))));
  }

  // Rows in order. What has no value stays last in both directions; equal rows keep their first order.
  function ordered(rows, column, sign) {
    const numeric = isNumeric(rows, column);
    const keyed = rows.map((row) => {
      const text = keyOf(row, column);
      const value = numeric ? numberOf(text) : text;
      return { row, value, missing: numeric ? Number.isNaN(value) : MISSING.test(text) };
    });
    const order = numeric
      ? (a, b) => (a < b ? -1 : a > b ? 1 : 0)
      : (a, b) => a.localeCompare(b, undefined, { numeric: true });
    keyed.sort((a, b) => a.missing - b.missing || (a.missing ? 0 : sign * order(a.value, b.value)));
    return keyed.map((entry) => entry.row);
  }

  function makeTable(table) {
    const body = table.tBodies[0];
    if (!body || !table.tHead) return null;
    const rows = [...body.rows];
    const heads = [...table.tHead.rows[0].cells];
    const wrapper = table.closest(".scroll") ?? table;
    let sorted = { column: -1, sign: 0 };

    // First press sorts upwards, the second downwards, the third gives the first order back.
    function press(column) {
      const sign = sorted.column !== column ? 1 : sorted.sign === 1 ? -1 : sorted.sign === -1 ? 0 : 1;
      sorted = { column: sign ? column : -1, sign };
      heads.forEach((head, place) => {
        if (sign && place === column) head.setAttribute("aria-sort", sign > 0 ? "ascending" : "descending");
        else head.removeAttribute("aria-sort");
      });
      body.append(...(sign ? ordered(rows, column, sign) : rows));
    }

    for (const row of rows) for (const cell of row.cells) cell.classList.toggle("wide", cell.textContent.length > 40);
    heads.forEach((head, column) => {
      const sort = button("", () => press(column), { class: "sort" });
      sort.append(...head.childNodes);
      head.append(sort);
      if (!rows.length || !isNumeric(rows, column)) return;
      head.classList.add("num");
      rows.forEach((row) => row.cells[column]?.classList.add("num"));
    });
    if (rows.length > 20) wrapper.classList.add("long");
    if (rows.length >= 6) makeFilter(rows, wrapper);
    return { element: table, press, get shown() { return rows.filter((row) => !row.hidden).length; }, total: rows.length };
  }

  // A text filter, and a status filter where the rows have a status.
  function makeFilter(rows, wrapper) {
    const texts = rows.map((row) => row.textContent.toLowerCase());
    const search = make("input", { type: "search", placeholder: "Filter rows", "aria-label": "Filter rows by text" });
    const counts = new Map();
    for (const row of rows) {
      const status = row.dataset.status;
      if (status) counts.set(status, (counts.get(status) ?? 0) + 1);
    }
    const select = make("select", {}, make("option", { value: "" }, `all (${rows.length})`));
    for (const [status, count] of counts) select.append(make("option", { value: status }, `${status} (${count})`));
    const said = make("output", { "aria-live": "polite" });

    function apply() {
      const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      rows.forEach((row, place) => {
        const fits = (!select.value || row.dataset.status === select.value) && words.every((word) => texts[place].includes(word));
        row.hidden = !fits;
        shown += fits;
      });
      said.textContent = `${shown} of ${rows.length} rows`;
    }
    search.addEventListener("input", apply);
    select.addEventListener("change", apply);
    const controls = make("div", { class: "controls" }, search);
    if (counts.size) controls.append(make("label", {}, "Status", select));
    controls.append(said);
    wrapper.before(controls);
    apply();
  }

  // A wrapper that scrolls must be reachable by keyboard.
  function watchScroll(wrapper) {
    const look = () => {
      const scrolls = wrapper.scrollWidth > wrapper.clientWidth + 1 || wrapper.scrollHeight > wrapper.clientHeight + 1;
      const extra = { tabindex: "0", role: "region", "aria-label": "Scrolls" };
      for (const [name, value] of Object.entries(extra)) {
        if (scrolls) wrapper.setAttribute(name, value);
        else wrapper.removeAttribute(name);
      }
    };
    new ResizeObserver(look).observe(wrapper);
  }

  // ---- Sounds ----

  const sounds = [];

  // One or two recordings of the same words, played together. One is heard, the other is muted.
  function makeSound(element) {
    const figures = all(element, "figure").filter((figure) => figure.querySelector("audio"));
    if (!figures.length) return null;
    const audios = figures.map((figure) => figure.querySelector("audio"));
    const names = figures.map((figure) => figure.dataset.path ?? "sound");
    const lengths = () => audios.map((audio) => (Number.isFinite(audio.duration) ? audio.duration : 0));
    const end = () => Math.max(...lengths());
    let heard = 0;
    let playing = false;

    const play = button("Play", () => (playing ? sound.pause() : sound.play()), { class: "play" });
    const range = make("input", { type: "range", min: 0, max: 0, step: 0.01, value: 0, "aria-label": "Place in the sound" });
    const time = make("output", { "aria-live": "off" });
    const hear = radios("Hear:", names, choose);
    const transport = make("div", { class: "controls transport", role: "group", "aria-label": "Player" }, play, range, time);
    if (names.length > 1) transport.append(hear.element);

    // The clock is the sound heard; once that has ended, the longer one.
    function clock() {
      const own = audios[heard];
      return own.ended || own.currentTime >= lengths()[heard] ? audios[lengths().indexOf(end())] : own;
    }

    // Keep the others with the clock: a large gap by a jump, a small one by a little more or less speed.
    function follow() {
      const lead = clock();
      lead.playbackRate = 1;
      audios.forEach((audio, place) => {
        if (audio === lead || audio.seeking || lead.seeking || lead.currentTime >= lengths()[place] - 0.05) return;
        const gap = lead.currentTime - audio.currentTime;
        if (Math.abs(gap) > 0.15) audio.currentTime = lead.currentTime;
        audio.playbackRate = Math.abs(gap) > 0.008 ? 1 + clamp(gap * 4, -0.2, 0.2) : 1;
        if (playing && audio.paused) start(audio);
      });
    }

    function start(audio) {
      audio.play().catch((error) => {
        if (error.name === "AbortError") return; // stopped again before it began
        sound.pause();
        time.textContent = "The browser did not play this sound.";
      });
    }

    function draw() {
      const now = clock().currentTime;
      heads.forEach((head, place) => (head.style.left = `${100 * clamp(now / (lengths()[place] || 1), 0, 1)}%`));
      range.max = end();
      range.value = now;
      time.textContent = `${now.toFixed(2)} of ${end().toFixed(2)} s`;
      range.setAttribute("aria-valuetext", `${now.toFixed(2)} of ${end().toFixed(2)} seconds`);
      play.textContent = playing ? "Pause" : "Play";
    }

    function step() {
      if (!playing) return;
      if (clock().ended) sound.pause();
      else follow();
      draw();
      requestAnimationFrame(step);
    }

    function choose(place) {
      heard = place;
      audios.forEach((audio, other) => (audio.muted = other !== place));
      figures.forEach((figure, other) => (figure.dataset.heard = names.length > 1 && other === place ? "yes" : "no"));
      hear.inputs[place].checked = true;
      draw();
    }

    const sound = {
      element, audios,
      play() {
        if (!end()) return; // nothing has been read yet
        sounds.forEach((other) => other !== sound && other.pause());
        if (sound.currentTime >= end() - 0.01) sound.seek(0);
        playing = true;
        const now = sound.currentTime;
        audios.forEach((audio, place) => now < lengths()[place] - 0.01 && start(audio));
        requestAnimationFrame(step);
        draw();
      },
      pause() {
        playing = false;
        audios.forEach((audio) => audio.pause());
        draw();
      },
      seek(to) {
        const now = clamp(to, 0, end());
        audios.forEach((audio, place) => {
          audio.currentTime = Math.min(now, lengths()[place]);
          if (playing && audio.paused && now < lengths()[place] - 0.01) start(audio);
        });
        draw();
      },
      hear: choose,
      get currentTime() { return clock().currentTime; },
      get duration() { return end(); },
      get playing() { return playing; },
      get heard() { return names[heard]; },
    };

    function onKey(event) {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const onButton = event.target === play;
      if (event.key === " " && !onButton) (playing ? sound.pause : sound.play)();
      else if (event.key === "ArrowLeft") sound.seek(sound.currentTime - 0.1);
      else if (event.key === "ArrowRight") sound.seek(sound.currentTime + 0.1);
      else if (event.key === "x") choose((heard + 1) % names.length);
      else return;
      event.preventDefault();
    }

    const heads = figures.map((figure, place) => {
      const pictures = figure.querySelector(".pictures");
      const head = make("div", { class: "playhead" });
      if (!pictures) return head;
      pictures.append(head);
      const go = (event) => {
        const box = pictures.getBoundingClientRect();
        sound.seek(clamp((event.clientX - box.left) / box.width, 0, 1) * lengths()[place]);
      };
      pictures.addEventListener("pointerdown", (event) => {
        if (event.button !== 0) return;
        event.preventDefault(); // no dragging of the image itself
        pictures.setPointerCapture(event.pointerId);
        range.focus({ preventScroll: true });
        go(event);
      });
      pictures.addEventListener("pointermove", (event) => pictures.hasPointerCapture(event.pointerId) && go(event));
      return head;
    });

    // One axis of time for both: the shorter sound has the shorter picture.
    function measure() {
      figures.forEach((figure, place) => {
        const share = end() && lengths()[place] ? lengths()[place] / end() : 1;
        const pictures = figure.querySelector(".pictures");
        if (pictures) pictures.style.width = `${100 * share}%`;
      });
      draw();
    }

    audios.forEach((audio) => {
      audio.removeAttribute("controls");
      audio.hidden = true;
      audio.addEventListener("loadedmetadata", measure);
      audio.addEventListener("timeupdate", () => playing && (follow(), draw()));
      audio.addEventListener("seeked", draw);
      audio.addEventListener("error", () => audio.after(make("p", { class: "state" }, "This sound could not be read.")));
      // A pause from outside, by a media key, stops both.
      audio.addEventListener("pause", () => playing && audio.paused && !audio.ended && sound.pause());
    });
    range.addEventListener("input", () => sound.seek(Number(range.value)));
    transport.addEventListener("keydown", onKey);
    element.prepend(transport);
    choose(0);
    measure();
    sounds.push(sound);
    return sound;
  }

  // ---- Token grids ----

  const RATE = 25; // frames a second
  const LEFT = 30, TOP = 18, BOTTOM = 18; // room for the labels
  const NONE = 0, ORDINARY = 1, BOS = 2, EOS = 3, OUT = 4, DIFFERS = 5;
  const WORDS = ["none", "", "BOS", "EOS", "out of range", "differs"];
  const LETTERS = ["", "", "B", "E", "!", "\u2260"];
  const SWATCHES = { [BOS]: "bos", [EOS]: "eos", [OUT]: "out-of-range", [DIFFERS]: "differ" };

  function kindOf(id, data) {
    if (!Number.isFinite(id)) return NONE;
    if (id === data.bos) return BOS;
    if (id === data.eos) return EOS;
    return id < 0 || id > data.eos ? OUT : ORDINARY;
  }

  // What one view shows: the kind of every cell, how many of each, and the runs of cells that stand out.
  function prepare(name, ids, data, other) {
    const sides = other ? [ids, other] : [ids];
    const rows = Math.max(0, ...sides.map((side) => side.length));
    const frames = Math.max(0, ...sides.flatMap((side) => side.map((line) => line.length)));
    const kinds = new Uint8Array(rows * frames);
    const counts = [0, 0, 0, 0, 0, 0];
    const runs = [];
    for (let row = 0; row < rows; row++) {
      for (let frame = 0; frame < frames; frame++) {
        const id = ids[row]?.[frame];
        let kind = kindOf(id, data);
        if (other && (other[row]?.[frame] ?? null) !== (id ?? null)) kind = DIFFERS;
        kinds[row * frames + frame] = kind;
        counts[kind]++;
        if (kind < BOS) continue;
        const last = runs[runs.length - 1];
        if (last && last.row === row && last.kind === kind && last.to === frame) last.to++;
        else runs.push({ row, kind, from: frame, to: frame + 1 });
      }
    }
    return { name, ids, rows, frames, kinds, counts, runs, compares: Boolean(other), total: rows * frames - counts[NONE] };
  }

  function viewsOf(segment, data) {
    const named = (name) => segment.views.find((view) => view.name === name)?.ids;
    const views = segment.views.map((view) => prepare(view.name, view.ids, data));
    const current = named("current"), aligned = named("aligned");
    if (current && aligned) views.push(prepare("difference", current, data, aligned));
    return { name: segment.name, views, beside: { current, aligned } };
  }

  function palette() {
    const style = getComputedStyle(root);
    const get = (name) => style.getPropertyValue(`--${name}`).trim();
    const rgb = (name) => [1, 3, 5].map((at) => parseInt(get(name).slice(at, at + 2), 16));
    return {
      paper: get("paper"), ink: get("ink"), soft: get("soft"), line: get("line"), focus: get("focus"), letter: get("letter"),
      low: rgb("ramp-low"), high: rgb("ramp-high"), same: rgb("same"),
      kinds: ["", "", get("bos"), get("eos"), get("out"), get("differs")],
    };
  }

  // One pixel for each ordinary cell. The browser scales it, which is fast for any number of frames.
  function bitmap(view, data, colours) {
    const canvas = make("canvas", { width: Math.max(1, view.frames), height: Math.max(1, view.rows) });
    const image = new ImageData(canvas.width, canvas.height);
    view.kinds.forEach((kind, cell) => {
      if (kind !== ORDINARY) return;
      const id = view.ids[Math.floor(cell / view.frames)][cell % view.frames];
      const part = clamp(id / data.codebook_size, 0, 1);
      for (let c = 0; c < 3; c++) {
        image.data[4 * cell + c] = view.compares ? colours.same[c] : colours.low[c] + part * (colours.high[c] - colours.low[c]);
      }
      image.data[4 * cell + 3] = 255;
    });
    canvas.getContext("2d").putImageData(image, 0, 0);
    return canvas;
  }

  // The smallest of the steps that leaves room for a label.
  const tickStep = (steps, width) => steps.find((step) => step * width >= 46) ?? steps[steps.length - 1];
  const FRAME_STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000];
  const SECOND_STEPS = [0.04, 0.2, 0.4, 1, 2, 4, 10, 20, 60, 120, 300];

  function makeGrid(element) {
    const source = document.getElementById(element.dataset.source);
    if (!source) return null;
    let data, segments;
    try {
      data = JSON.parse(source.textContent);
      segments = data.segments.map((segment) => viewsOf(segment, data)).filter((segment) => segment.views.length);
    } catch (error) {
      element.textContent = "The tokens could not be read.";
      return null;
    }
    if (!segments.length) return null;

    let segment, view, colours, picture;
    let wide = 600; // CSS pixels of the canvas
    let scale = 0; // CSS pixels a frame; 0 stands for "all frames fit"
    let start = 0; // first frame in sight, may be a fraction
    let cursor = { codebook: 0, frame: 0 };
    let waiting = false, printing = false;

    const canvas = make("canvas", { tabindex: 0, role: "application" });
    const legend = make("p", { class: "legend" });
    const readout = make("output", { "aria-live": "polite" });
    const controls = make("div", { class: "controls" });
    const zooms = make("span", { class: "group", role: "group", "aria-label": "Zoom" },
      button("Zoom in", () => zoom(2)), button("Zoom out", () => zoom(0.5)), button("Fit", fit));
    let choices;

    const plot = () => wide - LEFT - 1;
    const fitted = () => Math.min(48, plot() / Math.max(1, view.frames));
    const across = () => Math.max(scale, fitted());
    const high = () => (view.rows > 10 ? 15 : 19);
    const x = (frame) => LEFT + (frame - start) * across();
    const y = (row) => TOP + row * high();

    function showSegment(place) {
      segment = segments[place];
      const names = segment.views.map((each) => each.name);
      const kept = names.indexOf(view?.name);
      choices?.element.remove();
      choices = radios("View:", names, showView);
      zooms.before(choices.element);
      showView(Math.max(0, kept));
    }

    function showView(place) {
      view = segment.views[place];
      choices.inputs[place].checked = true;
      picture = null;
      canvas.setAttribute("aria-label", `Token ids, ${segment.name}, ${view.name}: ${view.rows} codebooks, ${view.frames} frames. ` +
        "Arrow keys move the cursor, plus and minus zoom, 0 shows all.");
      drawLegend();
      moveTo(cursor.codebook, cursor.frame);
    }

    // The counts in words. The swatch only supports the word.
    function drawLegend() {
      const kinds = view.compares ? [BOS, EOS, OUT, DIFFERS] : [BOS, EOS, OUT];
      legend.replaceChildren(`${segment.name}, ${view.name}: `);
      kinds.forEach((kind, place) => {
        const comma = place < kinds.length - 1 ? ", " : "";
        legend.append(make("span", { class: `swatch ${SWATCHES[kind]}` }), `${WORDS[kind]} ${view.counts[kind]}${comma}`);
      });
      legend.append(` of ${view.total}`);
      if (view.counts[NONE]) legend.append(`; ${view.counts[NONE]} cells have no id`);
    }

    function read(codebook, frame) {
      const kind = view.kinds[codebook * view.frames + frame];
      const word = (id) => (Number.isFinite(id) ? String(id) : "none");
      const id = view.ids[codebook]?.[frame];
      let said = view.compares ? (kind === DIFFERS ? "differs" : "same") : word(id);
      if (!view.compares && kind >= BOS) said += `, ${WORDS[kind]}`;
      const beside = Object.entries(segment.beside)
        .filter(([name, ids]) => ids && name !== view.name)
        .map(([name, ids]) => `${name} ${word(ids[codebook]?.[frame])}`);
      readout.textContent = `codebook ${codebook}, frame ${frame} (${(frame / RATE).toFixed(2)} s): ${said}` +
        (beside.length ? `; ${beside.join(", ")}` : "");
    }

    function moveTo(codebook, frame) {
      cursor = { codebook: clamp(codebook, 0, Math.max(0, view.rows - 1)), frame: clamp(frame, 0, Math.max(0, view.frames - 1)) };
      const seen = plot() / across();
      if (cursor.frame < start) start = cursor.frame;
      if (cursor.frame + 1 > start + seen) start = cursor.frame + 1 - seen;
      if (view.total) read(cursor.codebook, cursor.frame);
      schedule();
    }

    function scrollTo(frame) {
      start = clamp(frame, 0, Math.max(0, view.frames - plot() / across()));
      schedule();
    }

    // Zoom and keep the frame at `anchor` in its place: the pointer, or the cursor if in sight, else the middle.
    function zoom(factor, anchor) {
      const own = x(cursor.frame + 0.5);
      const at = anchor ?? (own >= LEFT && own <= wide ? own : LEFT + plot() / 2);
      const frame = start + (at - LEFT) / across();
      scale = clamp(across() * factor, fitted(), 48);
      if (scale <= fitted() * 1.001) scale = 0;
      scrollTo(frame - (at - LEFT) / across());
    }

    function fit() {
      scale = 0;
      scrollTo(0);
    }

    function schedule() {
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => { waiting = false; draw(); });
    }

    function draw() {
      const ratio = window.devicePixelRatio || 1;
      const tall = TOP + view.rows * high() + BOTTOM;
      canvas.width = Math.round(wide * ratio);
      canvas.height = Math.round(tall * ratio);
      canvas.style.height = `${tall}px`;
      if (!colours) colours = palette();
      if (!picture) picture = bitmap(view, data, colours);
      start = clamp(start, 0, Math.max(0, view.frames - plot() / across()));
      const context = canvas.getContext("2d");
      context.scale(ratio, ratio);
      context.font = "11px system-ui, sans-serif";
      context.textBaseline = "middle";
      const seen = Math.min(view.frames - start, plot() / across());
      drawAxes(context, seen);
      context.save();
      context.beginPath();
      context.rect(LEFT, 0, plot() + 1, tall);
      context.clip();
      drawCells(context, seen, 1 / ratio);
      drawCursor(context);
      context.restore();
      drawPlace(context, seen, tall);
    }

    function drawAxes(context, seen) {
      context.fillStyle = colours.soft;
      context.textAlign = "right";
      for (let row = 0; row < view.rows; row++) context.fillText(String(row), LEFT - 6, y(row) + high() / 2);
      context.textAlign = "left";
      const label = (frame, text, top) => {
        context.fillRect(x(frame), top < TOP ? TOP - 4 : y(view.rows), 1, 4);
        if (x(frame) + context.measureText(text).width + 3 <= wide) context.fillText(text, x(frame) + 3, top);
      };
      const frames = tickStep(FRAME_STEPS, across());
      for (let f = Math.ceil(start / frames) * frames; f < start + seen; f += frames) label(f, String(f), TOP - 9);
      const seconds = tickStep(SECOND_STEPS, across() * RATE);
      for (let n = Math.ceil(start / RATE / seconds); n * seconds * RATE < start + seen; n++) {
        label(n * seconds * RATE, `${Number((n * seconds).toFixed(2))} s`, y(view.rows) + 9);
      }
    }

    function drawCells(context, seen, hair) {
      if (!view.total) return;
      context.imageSmoothingEnabled = across() < 1;
      context.drawImage(picture, start, 0, seen, view.rows, LEFT, TOP, seen * across(), view.rows * high());
      // Cells that stand out are never narrower than one pixel.
      for (const run of view.runs) {
        if (run.to < start || run.from > start + seen) continue;
        context.fillStyle = colours.kinds[run.kind];
        context.fillRect(x(run.from), y(run.row), Math.max(hair, (run.to - run.from) * across()), high());
        if (across() >= 3 && across() < 10 && run.kind >= OUT) hatch(context, run);
      }
      // Lines of paper part the rows, and the frames where there is room.
      context.fillStyle = colours.paper;
      for (let row = 1; row < view.rows; row++) context.fillRect(LEFT, y(row) - 0.5, seen * across(), 1);
      const first = Math.floor(start), last = Math.min(view.frames, Math.ceil(start + seen));
      if (across() >= 6) for (let f = first; f <= last; f++) context.fillRect(x(f) - 0.5, TOP, 1, view.rows * high());
      if (across() >= 10) drawText(context, first, last);
    }

    // Thin slanted lines: out of range one way, differs the other way.
    function hatch(context, run) {
      const from = Math.max(x(run.from), LEFT - 10), to = Math.min(x(run.to), wide), top = y(run.row), low = top + high();
      context.save();
      context.beginPath();
      context.rect(from, top, to - from, high());
      context.clip();
      context.beginPath();
      for (let at = from - high(); at < to; at += 5) {
        context.moveTo(at, run.kind === OUT ? top : low);
        context.lineTo(at + high(), run.kind === OUT ? low : top);
      }
      context.strokeStyle = colours.letter;
      context.stroke();
      context.restore();
    }

    function drawText(context, first, last) {
      context.textAlign = "center";
      for (let row = 0; row < view.rows; row++) {
        for (let frame = first; frame < last; frame++) {
          const kind = view.kinds[row * view.frames + frame];
          if (kind === NONE || (kind === ORDINARY && (view.compares || across() < 32))) continue;
          context.fillStyle = kind === ORDINARY ? colours.ink : colours.letter;
          const text = kind === ORDINARY ? String(view.ids[row][frame]) : LETTERS[kind];
          context.fillText(text, x(frame + 0.5), y(row) + high() / 2 + 0.5);
        }
      }
    }

    function drawCursor(context) {
      if (document.activeElement !== canvas || !view.total || printing) return;
      const width = Math.max(across(), 4);
      const left = x(cursor.frame + 0.5) - width / 2;
      context.lineWidth = 4;
      context.strokeStyle = colours.paper;
      context.strokeRect(left, y(cursor.codebook), width, high());
      context.lineWidth = 2;
      context.strokeStyle = colours.ink;
      context.strokeRect(left, y(cursor.codebook), width, high());
    }

    // A bar at the foot says which part is in sight.
    function drawPlace(context, seen, tall) {
      if (seen >= view.frames) return;
      context.fillStyle = colours.line;
      context.fillRect(LEFT, tall - 3, plot(), 3);
      context.fillStyle = colours.soft;
      context.fillRect(LEFT + (start / view.frames) * plot(), tall - 3, Math.max(8, (seen / view.frames) * plot()), 3);
    }

    // The cell under the pointer, or nothing.
    function cellAt(event) {
      const box = canvas.getBoundingClientRect();
      const frame = Math.floor(start + (event.clientX - box.left - LEFT) / across());
      const codebook = Math.floor((event.clientY - box.top - TOP) / high());
      const inside = event.clientX - box.left >= LEFT && frame < view.frames && codebook >= 0 && codebook < view.rows;
      return inside ? { codebook, frame } : null;
    }

    let drag = null;
    canvas.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      canvas.setPointerCapture(event.pointerId);
      drag = { from: event.clientX, start, moved: false };
    });
    canvas.addEventListener("pointermove", (event) => {
      if (drag && Math.abs(event.clientX - drag.from) > 3) drag.moved = true;
      if (drag?.moved) scrollTo(drag.start - (event.clientX - drag.from) / across());
      const cell = cellAt(event);
      if (cell && !drag?.moved) read(cell.codebook, cell.frame);
    });
    canvas.addEventListener("pointerup", (event) => {
      const cell = cellAt(event);
      if (drag && !drag.moved && cell) moveTo(cell.codebook, cell.frame);
      drag = null;
    });
    canvas.addEventListener("pointercancel", () => (drag = null));
    canvas.addEventListener("pointerleave", () => view.total && read(cursor.codebook, cursor.frame));
    canvas.addEventListener("focus", schedule);
    canvas.addEventListener("blur", schedule);
    canvas.addEventListener("wheel", (event) => {
      if (event.ctrlKey) {
        event.preventDefault();
        zoom(Math.exp(-event.deltaY / 300), event.clientX - canvas.getBoundingClientRect().left);
        return;
      }
      // At either end the page scrolls on.
      const before = start;
      scrollTo(start + (event.deltaX || event.deltaY) / across());
      if (start !== before) event.preventDefault();
    }, { passive: false });

    canvas.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const { codebook, frame } = cursor;
      const acts = {
        ArrowLeft: () => moveTo(codebook, frame - 1), ArrowRight: () => moveTo(codebook, frame + 1),
        ArrowUp: () => moveTo(codebook - 1, frame), ArrowDown: () => moveTo(codebook + 1, frame),
        Home: () => moveTo(codebook, 0), End: () => moveTo(codebook, view.frames - 1),
        "+": () => zoom(2), "=": () => zoom(2), "-": () => zoom(0.5), 0: fit,
      };
      const act = Object.entries(acts).find(([key]) => key === event.key);
      if (!act) return;
      act[1]();
      event.preventDefault();
    });

    if (segments.length > 1) {
      const select = make("select", {}, ...segments.map((each, place) => make("option", { value: place }, each.name)));
      select.addEventListener("change", () => showSegment(Number(select.value)));
      controls.append(make("label", {}, "Segment", select));
    }
    controls.append(zooms);
    element.append(controls, canvas, legend, readout);
    showSegment(0);
    new ResizeObserver(() => {
      const now = element.clientWidth;
      if (now && now !== wide) { wide = now; schedule(); }
    }).observe(element);

    return {
      element, canvas,
      get cursor() { return { ...cursor }; },
      get view() { return view.name; },
      get segment() { return segment.name; },
      get scale() { return across(); },
      get start() { return start; },
      get cells() { return Object.fromEntries(segment.views.map((each) => [each.name, each.total])); },
      get counts() {
        return Object.fromEntries(segment.views.map((each) => [each.name,
          { bos: each.counts[BOS], eos: each.counts[EOS], out: each.counts[OUT], differs: each.counts[DIFFERS], none: each.counts[NONE] }]));
      },
      draw,
      recolour() { colours = picture = null; schedule(); },
      // On paper: all frames, at a width that suits a page, in the light colours, at once.
      print() {
        printing = true;
        [wide, scale, start, colours, picture] = [690, 0, 0, null, null];
        draw();
      },
      unprint() {
        printing = false;
        [wide, colours, picture] = [element.clientWidth || wide, null, null];
        schedule();
      },
    };
  }

  // ---- The page ----

  const THEMES = ["", "light", "dark"];
  const THEME_WORDS = ["as the system", "light", "dark"];

  function makeTheme(header) {
    const text = () => `Theme: ${THEME_WORDS[Math.max(0, THEMES.indexOf(root.dataset.theme ?? ""))]}`;
    const change = button(text(), () => {
      const next = THEMES[(THEMES.indexOf(root.dataset.theme ?? "") + 1) % THEMES.length];
      if (next) root.dataset.theme = next;
      else delete root.dataset.theme;
      change.textContent = text();
    }, { class: "theme" });
    header.append(change);
  }

  // Lines that go and lines that come get their own tone. The sign stays in the text.
  function colourChanges(block) {
    const lines = block.textContent.split("\n");
    block.replaceChildren(...lines.flatMap((line, place) => {
      const name = line[0] === "-" ? "out" : line[0] === "+" ? "in" : "";
      const part = name ? make("span", { class: name }, line) : line;
      return place < lines.length - 1 ? [part, "\n"] : [part];
    }));
  }

  // Paper shows everything: details are opened, and grids are drawn light and in full. Afterwards all is as before.
  function preparePrint() {
    let closed = [], theme;
    window.addEventListener("beforeprint", () => {
      closed = all(document, "details:not([open])");
      closed.forEach((details) => (details.open = true));
      theme = root.dataset.theme;
      root.dataset.theme = "light";
      grids.forEach((grid) => grid.print());
    });
    window.addEventListener("afterprint", () => {
      closed.forEach((details) => (details.open = false));
      if (theme === undefined) delete root.dataset.theme;
      else root.dataset.theme = theme;
      grids.forEach((grid) => grid.unprint());
    });
  }

  const made = (selector, maker) => all(document, selector).map(maker).filter(Boolean);
  const tables = made("table.sortable", makeTable);
  made(".sound", makeSound);
  const grids = made(".tokens", makeGrid);
  all(document, ".scroll, .picture").forEach(watchScroll);
  all(document, "pre.changes").forEach(colourChanges);
  const header = document.querySelector("header");
  if (header) makeTheme(header);
  preparePrint();
  const recolour = () => grids.forEach((grid) => grid.recolour());
  new MutationObserver(recolour).observe(root, { attributes: true, attributeFilter: ["data-theme"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", recolour);

  window.higgsPage = { version: 1, tables, sounds, grids };
})();
