/* Adding a device: the maker is proposed from the MAC, models follow the maker, and a label is read by the camera where
   the browser can. */
(function () {
  "use strict";
  var digits = function (s) { return s.toLowerCase().replace(/[^0-9a-f]/g, ""); };

  function start(form) {
    var mac = form.querySelector("#mac"), maker = form.querySelector("#driver"), model = form.querySelector("#model");
    if (!mac || !maker || form.dataset.started) return;
    form.dataset.started = "1";
    var chosen = maker.value !== "";

    function models() {
      model.querySelectorAll("optgroup").forEach(function (g) {
        var other = maker.value !== "" && g.dataset.vendor !== maker.value;
        g.disabled = other;
        g.hidden = other;
      });
      var o = model.selectedOptions[0];
      if (o && o.parentElement.disabled) model.value = "";
    }
    function propose() {
      if (chosen) return;
      var d = digits(mac.value).slice(0, 6), found = "";
      if (d.length === 6) {
        maker.querySelectorAll("option[data-ouis]").forEach(function (o) {
          if (o.dataset.ouis.split(" ").some(function (x) { return digits(x).slice(0, 6) === d; })) found = o.value;
        });
      }
      if (found) { maker.value = found; models(); }
    }
    mac.addEventListener("input", propose);
    maker.addEventListener("change", function () { chosen = maker.value !== ""; models(); });
    models();
    camera(form, mac, propose);
  }

  function camera(form, mac, done) {
    var box = form.querySelector("[data-scan]");
    if (!box || !("BarcodeDetector" in window) || !navigator.mediaDevices) return;
    box.hidden = false;
    var video = box.querySelector("video"), says = box.querySelector("[role=status]");
    box.querySelector("[data-scan-start]").addEventListener("click", function () {
      navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } }).then(function (stream) {
        video.srcObject = stream;
        video.hidden = false;
        video.play();
        var reader = new window.BarcodeDetector();
        var stop = function () { stream.getTracks().forEach(function (t) { t.stop(); }); video.hidden = true; };
        (function look() {
          if (video.hidden) return;
          reader.detect(video).then(function (codes) {
            for (var i = 0; i < codes.length; i++) {
              var m = /(?:[0-9a-f]{2}[:.-]?){5}[0-9a-f]{2}/i.exec(codes[i].rawValue);
              if (m) {
                mac.value = m[0];
                says.textContent = says.dataset.found;
                stop();
                done();
                return;
              }
            }
            setTimeout(look, 200);
          }, function () { setTimeout(look, 500); });
        })();
      }, function () { says.textContent = says.dataset.denied; });
    });
  }

  function all() { document.querySelectorAll("form[data-cpe]").forEach(start); }
  document.addEventListener("DOMContentLoaded", all);
  if (document.readyState !== "loading") all();
})();
