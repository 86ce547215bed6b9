// SPDX-License-Identifier: Apache-2.0
#include "report/html_assets.h"

#include <openssl/evp.h>

#include <array>

#include "base/check.h"

namespace bulkhead::report {

const std::string_view html_style = R"css(
:root{color-scheme:light dark;--bg:#f6f7f9;--card:#fff;--text:#1c2733;--dim:#5a6876;--line:#dde3e9;--code:#eef1f5;--accent:#1f5fae;
--alarm:#c62839;--error:#8e1b52;--unknown:#8450c7;--info:#1f74c4;--skip:#8794a1;--ok:#1d8348}
@media (prefers-color-scheme:dark){:root{--bg:#11161c;--card:#1a2129;--text:#e4e9ee;--dim:#97a5b3;--line:#2d3842;--code:#232c36;--accent:#7db4f5;
--alarm:#f0616f;--error:#e069a8;--unknown:#b58cf0;--info:#62aaf0;--skip:#7d8b99;--ok:#4cc27c}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--text);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
main,header,footer{max-width:1240px;margin:0 auto;padding:0 20px}
header{padding-top:28px}
h1{font-size:26px;line-height:1.2;margin:0 0 4px}
h2{font-size:14px;margin:0 0 10px;color:var(--dim);font-weight:600}
.facts{color:var(--dim);margin:0 0 20px;font-size:14px}
.facts b{color:var(--text);font-weight:600}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(250px,1fr));gap:14px;margin-bottom:14px}
.card{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:16px 18px;min-width:0}
.score{display:flex;gap:16px;align-items:center}
.score svg{flex:none}
.score p{margin:0;font-size:14px;color:var(--dim)}
.score strong{display:block;color:var(--text);font-size:16px}
.donut{fill:none;stroke-width:5}
.donut.track{stroke:var(--line)}
.donut.ok{stroke:var(--ok)}.donut.alarm{stroke:var(--alarm)}.donut.unknown{stroke:var(--unknown)}
.number{font-size:10px;font-weight:700;fill:var(--text);text-anchor:middle}
.fill.alarm{fill:var(--alarm)}.fill.error{fill:var(--error)}.fill.unknown{fill:var(--unknown)}.fill.info{fill:var(--info)}.fill.skip{fill:var(--skip)}.fill.ok{fill:var(--ok)}
.bar{display:block;width:100%;height:12px;border-radius:6px}
.legend{display:flex;flex-wrap:wrap;gap:6px 18px;margin:10px 0 0;padding:0;list-style:none;font-size:14px}
.legend b{font-variant-numeric:tabular-nums}
.dot{display:inline-block;width:10px;height:10px;border-radius:5px;margin-right:6px}
.dot.alarm{background:var(--alarm)}.dot.error{background:var(--error)}.dot.unknown{background:var(--unknown)}.dot.info{background:var(--info)}.dot.skip{background:var(--skip)}.dot.ok{background:var(--ok)}
.ranks{width:100%;border-collapse:collapse;font-size:14px;table-layout:fixed}
.ranks th{text-align:left;font-weight:400;padding:2px 10px 2px 0;overflow:hidden;text-overflow:ellipsis;white-space:nowrap;width:42%}
.ranks td{padding:2px 0}.ranks td.n{width:52px;text-align:right;font-variant-numeric:tabular-nums}
.ranks svg{display:block;width:100%;height:10px}
#filter{position:sticky;top:0;z-index:2;display:flex;flex-wrap:wrap;gap:8px 16px;align-items:center;background:var(--card);border:1px solid var(--line);border-radius:10px;padding:10px 14px;margin-bottom:14px;font-size:14px}
#filter[hidden],[hidden]{display:none}
#filter label{white-space:nowrap}
#filter input[type=search]{flex:1 1 180px;min-width:120px}
#filter input[type=search],#filter select,#filter button{font:inherit;color:inherit;background:var(--bg);border:1px solid var(--line);border-radius:6px;padding:4px 8px}
#filter button{cursor:pointer}
#shown{color:var(--dim);margin-left:auto}
details{min-width:0}
summary{cursor:pointer;list-style:none}
summary::-webkit-details-marker{display:none}
summary:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.group{margin:0 0 12px}
.group .group{margin:8px 0 0 14px}
.group>summary{padding:6px 0;font-weight:600;font-size:16px}
.group>summary::before,.control>summary::before{content:"\25b8";display:inline-block;width:1em;color:var(--dim)}
.group[open]>summary::before,.control[open]>summary::before{content:"\25be"}
.group>summary .ratio{font-weight:400;color:var(--dim);font-size:14px}
.control{background:var(--card);border:1px solid var(--line);border-left-width:4px;border-radius:8px;margin:0 0 6px;scroll-margin-top:70px}
.control.failed{border-left-color:var(--alarm)}.control.unclear{border-left-color:var(--unknown)}.control.passed{border-left-color:var(--ok)}
.control>summary{display:grid;grid-template-columns:1em minmax(90px,max-content) 1fr max-content 74px 110px;gap:0 10px;align-items:center;padding:8px 14px}
.id{font:13px/1.4 ui-monospace,"DejaVu Sans Mono",monospace;color:var(--dim)}
.title{min-width:0;overflow-wrap:anywhere}
.severity{font-size:12px;border:1px solid var(--line);border-radius:20px;padding:0 9px;color:var(--dim)}
.severity.critical,.severity.high{color:var(--alarm);border-color:currentColor}
.ratio{font-variant-numeric:tabular-nums;text-align:right;font-size:13px}
.control>summary .bar{height:8px}
.about{padding:4px 18px 8px;border-top:1px solid var(--line);font-size:14px}
.about p{margin:6px 0;max-width:92ch}
.about h3{font-size:13px;margin:12px 0 0;color:var(--dim)}
.about a{color:var(--accent);overflow-wrap:anywhere}
code{font:13px/1.4 ui-monospace,"DejaVu Sans Mono",monospace;background:var(--code);border-radius:4px;padding:1px 4px;overflow-wrap:anywhere}
.results{width:100%;border-collapse:collapse;font-size:14px}
.results td{vertical-align:top;padding:6px 8px;border-top:1px solid var(--line);overflow-wrap:anywhere}
.results td:first-child{width:92px;padding-left:18px;white-space:nowrap}
.results td:nth-child(2){width:24%;font-weight:600}
.s{font-size:12px;font-weight:700;letter-spacing:.03em}
.alarm .s{color:var(--alarm)}.error .s{color:var(--error)}.unknown .s{color:var(--unknown)}.info .s{color:var(--info)}.skip .s{color:var(--skip)}.ok .s{color:var(--ok)}
.results details summary{color:var(--accent);font-size:13px}
.results ul{margin:4px 0 0;padding-left:18px;font-size:13px}
.more{padding:8px 18px;color:var(--dim);font-size:14px;margin:0;border-top:1px solid var(--line)}
.more a{color:var(--accent);text-decoration:none}
.blind{border-color:var(--unknown)}
.blind p{margin:0 0 4px}.blind summary{color:var(--accent)}
.blind li{overflow-wrap:anywhere;font-size:14px}
footer .paper{display:none}
footer{color:var(--dim);font-size:13px;padding-top:10px;padding-bottom:30px}
@media (max-width:720px){main,header,footer{padding-left:12px;padding-right:12px}
.control>summary{grid-template-columns:1em 1fr max-content max-content;padding:8px 10px}.control>summary .title{grid-column:2 / -1;grid-row:2}.control>summary .bar{display:none}
.group .group{margin-left:0}
.results,.results tbody,.results tr,.results td,.results td:first-child,.results td:nth-child(2){display:block;width:auto;padding-left:14px}
.results td{border-top:0;padding-top:0;padding-bottom:4px}.results tr{border-top:1px solid var(--line);padding-top:6px}#filter{position:static}}
@media print{footer .paper{display:block}:root{--bg:#fff;--card:#fff;--text:#000;--dim:#444;--line:#bbb;--code:#f2f2f2;color-scheme:light}
body{font-size:11px}#filter{display:none}.card,.control{break-inside:avoid-page}.control[open]{break-inside:auto}.failed::details-content,.unclear::details-content{content-visibility:visible;display:block}
.results tr.ok,.results tr.info,.results tr.skip,.about a,.about .id{display:none}.results tr[class]{break-inside:avoid}
.bar,.dot,.fill,.donut{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
)css";

const std::string_view html_script = R"js(
(function () {
  'use strict';
  const form = document.getElementById('filter');
  const shown = document.getElementById('shown');
  const words = form.elements.words;
  const severity = form.elements.severity;
  const boxes = Array.from(form.querySelectorAll('input[type=checkbox]'));
  const controls = Array.from(document.querySelectorAll('.control')).map(function (element) {
    return { element: element, more: element.querySelector('.more'), head: element.querySelector('summary').textContent.toLowerCase(),
      rows: Array.from(element.querySelectorAll('tr')).map(function (row) { return { element: row, text: row.textContent.toLowerCase() }; }) };
  });
  const groups = Array.from(document.querySelectorAll('.group')).reverse();

  function apply() {
    const wanted = new Set(boxes.filter(function (box) { return box.checked; }).map(function (box) { return box.value; }));
    const text = words.value.trim().toLowerCase();
    const everything = [wanted.size === boxes.length, text === '', severity.value === ''].every(Boolean);
    let total = 0;
    controls.forEach(function (control) {
      const fits = [severity.value === '', control.element.dataset.severity === severity.value].some(Boolean);
      const named = control.head.includes(text);
      let visible = 0;
      control.rows.forEach(function (row) {
        const hit = [fits, wanted.has(row.element.className), [named, row.text.includes(text)].some(Boolean)].every(Boolean);
        row.element.hidden = !hit;
        if (hit) { visible += 1; }
      });
      total += visible;
      control.element.hidden = [!everything, visible === 0].every(Boolean);
    });
    groups.forEach(function (group) { group.hidden = [!everything, group.querySelector('.control:not([hidden])') === null].every(Boolean); });
    shown.textContent = total + (total === 1 ? ' result' : ' results');
  }

  function open(selector, state) {
    document.querySelectorAll(selector).forEach(function (element) { element.open = state; });
  }

  function reveal() {
    const target = location.hash.length > 1 ? document.getElementById(location.hash.slice(1)) : null;
    for (let element = target; element; element = element.parentElement) {
      if (element.tagName === 'DETAILS') { element.open = true; }
    }
    if (target) { target.scrollIntoView(); }
  }

  form.hidden = false;
  form.addEventListener('submit', function (event) { event.preventDefault(); });
  form.addEventListener('input', apply);
  form.elements.unfold.addEventListener('click', function () { open('.control.failed, .control.unclear', true); });
  form.elements.fold.addEventListener('click', function () { open('.control', false); });
  form.elements.reset.addEventListener('click', function () { form.reset(); apply(); });
  window.addEventListener('hashchange', reveal);
  window.addEventListener('beforeprint', function () { open('.control.failed, .control.unclear', true); });
  apply();
  reveal();
}());
)js";

std::string content_hash(std::string_view text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int length = 0;
    CHECK(EVP_Digest(text.data(), text.size(), digest.data(), &length, EVP_sha256(), nullptr) == 1);
    std::array<unsigned char, 2 * EVP_MAX_MD_SIZE> base64{};
    const int written = EVP_EncodeBlock(base64.data(), digest.data(), static_cast<int>(length));
    return "sha256-" + std::string(base64.begin(), base64.begin() + written);
}

}  // namespace bulkhead::report
