// What pages do better with a script. Every page works without it.
(function () {
  "use strict";

  // "/" and Ctrl-K go to the search field, as in most consoles.
  document.addEventListener("keydown", function (event) {
    var typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
    var slash = event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey;
    var ctrlK = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey);
    var field = document.getElementById("search");
    if (field && (slash || ctrlK)) {
      event.preventDefault();
      field.focus();
      field.select();
    }
  });

  // A menu closes when the reader turns to something else, or presses Escape.
  var menus = document.querySelectorAll("details.sy-menu");
  function close(except) {
    menus.forEach(function (menu) {
      if (!except || !menu.contains(except)) {
        menu.removeAttribute("open");
      }
    });
  }
  document.addEventListener("click", function (event) { close(event.target); });
  document.addEventListener("focusin", function (event) { close(event.target); });
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape") {
      close();
    }
  });
})();
