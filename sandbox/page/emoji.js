// The short names that sales messages use. An unknown `:name:` stays as typed, as Slack shows it too.

const EMOJI = {
  white_check_mark: "✅", heavy_check_mark: "✔️", ballot_box_with_check: "☑️", x: "❌", warning: "⚠️",
  no_entry: "⛔", no_entry_sign: "🚫", rotating_light: "🚨", exclamation: "❗", bangbang: "‼️", question: "❓",
  grey_question: "❔", information_source: "ℹ️", bulb: "💡", bell: "🔔", no_bell: "🔕", zap: "⚡", fire: "🔥",
  phone: "☎️", telephone: "☎️", telephone_receiver: "📞", calling: "📲", iphone: "📱", speech_balloon: "💬",
  email: "✉️", envelope: "✉️", incoming_envelope: "📨", envelope_with_arrow: "📩", "e-mail": "📧",
  mailbox: "📫", inbox_tray: "📥", outbox_tray: "📤", memo: "📝", pencil: "📝", pencil2: "✏️", clipboard: "📋",
  calendar: "📆", date: "📅", spiral_calendar_pad: "🗓️", spiral_calendar: "🗓️", clock: "🕒", alarm_clock: "⏰",
  hourglass: "⌛", hourglass_flowing_sand: "⏳", stopwatch: "⏱️", watch: "⌚", timer_clock: "⏲️",
  clock1: "🕐", clock2: "🕑", clock3: "🕒", clock8: "🕗", clock830: "🕣", clock9: "🕘", sunrise: "🌅",
  sunny: "☀️", coffee: "☕", wave: "👋", "+1": "👍", thumbsup: "👍", "-1": "👎", thumbsdown: "👎", ok_hand: "👌",
  clap: "👏", raised_hands: "🙌", pray: "🙏", muscle: "💪", eyes: "👀", point_right: "👉", point_left: "👈",
  point_up: "☝️", point_down: "👇", handshake: "🤝", tada: "🎉", confetti_ball: "🎊", trophy: "🏆", star: "⭐",
  sparkles: "✨", rocket: "🚀", moneybag: "💰", dollar: "💵", money_with_wings: "💸", credit_card: "💳",
  chart_with_upwards_trend: "📈", chart_with_downwards_trend: "📉", bar_chart: "📊", card_index: "📇",
  file_folder: "📁", open_file_folder: "📂", page_facing_up: "📄", paperclip: "📎", link: "🔗", pushpin: "📌",
  round_pushpin: "📍", triangular_flag_on_post: "🚩", bookmark: "🔖", label: "🏷️", lock: "🔒", unlock: "🔓",
  key: "🔑", wrench: "🔧", gear: "⚙️", hammer: "🔨", robot_face: "🤖", wastebasket: "🗑️", recycle: "♻️",
  arrow_right: "➡️", arrow_left: "⬅️", arrow_up: "⬆️", arrow_down: "⬇️", arrows_counterclockwise: "🔄",
  leftwards_arrow_with_hook: "↩️", rewind: "⏪", fast_forward: "⏩", repeat: "🔁", heavy_plus_sign: "➕",
  heavy_minus_sign: "➖", red_circle: "🔴", large_blue_circle: "🔵", large_green_circle: "🟢",
  large_orange_circle: "🟠", large_yellow_circle: "🟡", white_circle: "⚪", black_circle: "⚫",
  small_blue_diamond: "🔹", small_orange_diamond: "🔸", black_small_square: "▪️", white_small_square: "▫️",
  airplane: "✈️", palm_tree: "🌴", desert_island: "🏝️", bus: "🚌", face_with_thermometer: "🤒", house_with_garden: "🏡", house: "🏠", office: "🏢", globe_with_meridians: "🌐", construction: "🚧",
  computer: "💻", desktop_computer: "🖥️", busts_in_silhouette: "👥", bust_in_silhouette: "👤", smile: "😄",
  slightly_smiling_face: "🙂", grinning: "😀", thinking_face: "🤔", neutral_face: "😐", disappointed: "😞",
  cry: "😢", sweat_smile: "😅", partying_face: "🥳", heart: "❤️", green_heart: "💚", broken_heart: "💔",
  100: "💯", zzz: "💤", mute: "🔇", mega: "📣", loudspeaker: "📢", shield: "🛡️", scales: "⚖️",
  one: "1️⃣", two: "2️⃣", three: "3️⃣", four: "4️⃣", five: "5️⃣",
};

/** The character for a short name, or null. */
export function emoji(name) {
  return Object.hasOwn(EMOJI, name) ? EMOJI[name] : null;
}

/** Plain text with the known `:names:` replaced. */
export function withEmoji(text) {
  return text.replace(/:([a-z0-9_+-]+):/g, (whole, name) => emoji(name) ?? whole);
}
