<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
 <context>
  <name>DbcrAlgorithm</name>
  <message>
   <source>Assess against a reference</source>
   <translation>Mit einer Referenz vergleichen</translation>
  </message>
  <message>
   <source>&lt;p&gt;Compares an image with a reference of the same place: PSNR, SSIM, mean absolute error and spectral angle, over the bands both have, for all pixels and, with a cloud mask, for cloudy and clear ones apart.&lt;/p&gt;&lt;p&gt;A reference from another date differs by more than the reconstruction's error: the ground changed too.&lt;/p&gt;</source>
   <translation>&lt;p&gt;Vergleicht ein Bild mit einer Referenz desselben Ortes: PSNR, SSIM, mittlerer absoluter Fehler und Spektralwinkel über die gemeinsamen Bänder, für alle Pixel und, mit einer Wolkenmaske, für bewölkte und klare getrennt.&lt;/p&gt;&lt;p&gt;Eine Referenz von einem anderen Tag unterscheidet sich um mehr als den Fehler der Rekonstruktion: Auch der Boden hat sich verändert.&lt;/p&gt;</translation>
  </message>
  <message>
   <source>Image to assess</source>
   <translation>Zu bewertendes Bild</translation>
  </message>
  <message>
   <source>Reference image</source>
   <translation>Referenzbild</translation>
  </message>
  <message>
   <source>Cloud mask</source>
   <translation>Wolkenmaske</translation>
  </message>
  <message>
   <source>Assessment of a cloud-free image</source>
   <translation>Bewertung eines wolkenfreien Bildes</translation>
  </message>
  <message>
   <source>A page with the figures and a chart per band.</source>
   <translation>Eine Seite mit den Zahlen und einem Diagramm je Band.</translation>
  </message>
  <message>
   <source>The same for programs.</source>
   <translation>Dasselbe für Programme.</translation>
  </message>
  <message>
   <source>all</source>
   <translation>alle</translation>
  </message>
  <message>
   <source>cloudy</source>
   <translation>bewölkt</translation>
  </message>
  <message>
   <source>clear</source>
   <translation>klar</translation>
  </message>
  <message>
   <source>accuracy,psnr,ssim,mae,sam,validation,compare</source>
   <translation>Genauigkeit,psnr,ssim,mae,sam,Validierung,vergleichen</translation>
  </message>
  <message>
   <source>A result of this plugin, say.</source>
   <translation>Zum Beispiel ein Ergebnis dieser Erweiterung.</translation>
  </message>
  <message>
   <source>A clear image from about the same date.</source>
   <translation>Ein klares Bild von ungefähr demselben Tag.</translation>
  </message>
  <message>
   <source>Scores its pixels and the others apart.</source>
   <translation>Ihre Pixel und die übrigen werden getrennt bewertet.</translation>
  </message>
  <message>
   <source>Bands of the image to assess, in file order</source>
   <translation>Bänder des zu bewertenden Bildes in der Reihenfolge der Datei</translation>
  </message>
  <message>
   <source>Bands of the reference image, in file order</source>
   <translation>Bänder des Referenzbildes in der Reihenfolge der Datei</translation>
  </message>
  <message>
   <source>Values of the image to assess are</source>
   <translation>Werte des zu bewertenden Bildes sind</translation>
  </message>
  <message>
   <source>Values of the reference image are</source>
   <translation>Werte des Referenzbildes sind</translation>
  </message>
  <message>
   <source>Overrules what was detected: dn (reflectance × 10000), dn-1000 (with the offset still in), reflectance (0 … 1).</source>
   <translation>Setzt sich über das Erkannte hinweg: dn (Reflektanz × 10000), dn-1000 (Versatz noch enthalten), reflectance (0 … 1).</translation>
  </message>
  <message>
   <source>Report</source>
   <translation>Bericht</translation>
  </message>
  <message>
   <source>Figures as JSON</source>
   <translation>Zahlen als JSON</translation>
  </message>
  <message>
   <source>Report (JSON)</source>
   <translation>Bericht (JSON)</translation>
  </message>
  <message>
   <source>image to assess</source>
   <translation>zu bewertendes Bild</translation>
  </message>
  <message>
   <source>reference image</source>
   <translation>Referenzbild</translation>
  </message>
  <message>
   <source>cloud mask</source>
   <translation>Wolkenmaske</translation>
  </message>
  <message>
   <source>pixels</source>
   <translation>Pixel</translation>
  </message>
  <message>
   <source>count</source>
   <translation>Anzahl</translation>
  </message>
  <message>
   <source>Mean absolute error per band, in reflectance</source>
   <translation>Mittlerer absoluter Fehler je Band, in Reflektanz</translation>
  </message>
  <message>
   <source>Where they differ</source>
   <translation>Wo sie sich unterscheiden</translation>
  </message>
  <message>
   <source>White: no difference; dark red: 0.1 reflectance and more; grey: no data.</source>
   <translation>Weiß: kein Unterschied; dunkelrot: 0,1 Reflektanz und mehr; grau: keine Daten.</translation>
  </message>
  <message>
   <source>A .dbcr file; default: the one chosen in the options, or else the bundled model.</source>
   <translation>Eine .dbcr-Datei; ohne Angabe: das in den Optionen gewählte Modell, sonst das mitgelieferte.</translation>
  </message>
  <message>
   <source>Otherwise files that lead there, such as virtual rasters of web addresses, are refused.</source>
   <translation>Sonst werden Dateien, die dorthin führen, etwa virtuelle Raster von Webadressen, abgelehnt.</translation>
  </message>
  <message>
   <source>Mask values are</source>
   <translation>Maskenwerte sind</translation>
  </message>
  <message>
   <source>auto decides by name and values; binary (above 0 is cloud), probability, or scl (scene classes).</source>
   <translation>auto entscheidet nach Namen und Werten; binary (über 0 ist Wolke), probability (Wahrscheinlichkeit) oder scl (Szenenklassen).</translation>
  </message>
  <message>
   <source>Only where the file does not name its bands; - skips a band.</source>
   <translation>Nur wo die Datei ihre Bänder nicht nennt; - überspringt ein Band.</translation>
  </message>
  <message>
   <source>optical image</source>
   <translation>optisches Bild</translation>
  </message>
  <message>
   <source>SAR image</source>
   <translation>SAR-Bild</translation>
  </message>
  <message>
   <source>Model file</source>
   <translation>Modelldatei</translation>
  </message>
  <message>
   <source>Read inputs over the network, too</source>
   <translation>Eingaben auch über das Netz lesen</translation>
  </message>
  <message>
   <source>Diagnostics</source>
   <translation>Diagnose</translation>
  </message>
  <message>
   <source>&lt;p&gt;Writes versions, the ONNX Runtime found, the model and this plugin's settings to the log: the text to paste into a bug report. It names folders on your computer; look it over before you post it.&lt;/p&gt;</source>
   <translation>&lt;p&gt;Schreibt Versionen, die gefundene ONNX Runtime, das Modell und die Einstellungen dieser Erweiterung ins Protokoll: der Text für einen Fehlerbericht. Er nennt Ordner Ihres Computers; sehen Sie ihn durch, bevor Sie ihn veröffentlichen.&lt;/p&gt;</translation>
  </message>
  <message>
   <source>version,support,bug,report</source>
   <translation>Version,Hilfe,Fehler,Bericht</translation>
  </message>
  <message>
   <source>Inspect inputs</source>
   <translation>Eingaben prüfen</translation>
  </message>
  <message>
   <source>&lt;p&gt;Says what “Remove clouds” would find in the inputs: which bands and how they were recognised, L1C or L2A, whether the −1000 offset is still in, decibels or power, grids, overlap, dates, cloud share; and warns of snow, water, cirrus, saturation and gaps.&lt;/p&gt;&lt;p&gt;Nothing is computed and nothing is changed.&lt;/p&gt;</source>
   <translation>&lt;p&gt;Sagt, was „Wolken entfernen“ in den Eingaben fände: welche Bänder und woran sie erkannt wurden, L1C oder L2A, ob der Versatz −1000 noch enthalten ist, Dezibel oder Leistung, Gitter, Überdeckung, Aufnahmetage, Wolkenanteil; und warnt vor Schnee, Wasser, Zirren, Sättigung und Lücken.&lt;/p&gt;&lt;p&gt;Nichts wird berechnet und nichts verändert.&lt;/p&gt;</translation>
  </message>
  <message>
   <source>What was found in the inputs</source>
   <translation>Was in den Eingaben gefunden wurde</translation>
  </message>
  <message>
   <source>A page with what was found.</source>
   <translation>Eine Seite mit dem, was gefunden wurde.</translation>
  </message>
  <message>
   <source>check,bands,radiometry,offset,decibel,overlap,sentinel</source>
   <translation>prüfen,Bänder,Radiometrie,Versatz,Dezibel,Überdeckung,Sentinel</translation>
  </message>
  <message>
   <source>Cloudy Sentinel-2 image</source>
   <translation>Bewölktes Sentinel-2-Bild</translation>
  </message>
  <message>
   <source>L1C or L2A, 3 bands or more.</source>
   <translation>L1C oder L2A, ab 3 Bändern.</translation>
  </message>
  <message>
   <source>Sentinel-1 image</source>
   <translation>Sentinel-1-Bild</translation>
  </message>
  <message>
   <source>VV and VH, in any unit, on any grid.</source>
   <translation>VV und VH, in beliebiger Einheit, auf beliebigem Gitter.</translation>
  </message>
  <message>
   <source>0 and 1, cloud probability, or scene classes.</source>
   <translation>0 und 1, Wolkenwahrscheinlichkeit oder Szenenklassen.</translation>
  </message>
  <message>
   <source>Optical bands, in file order</source>
   <translation>Optische Bänder in der Reihenfolge der Datei</translation>
  </message>
  <message>
   <source>SAR bands, in file order</source>
   <translation>SAR-Bänder in der Reihenfolge der Datei</translation>
  </message>
  <message>
   <source>Optical values are</source>
   <translation>Optische Werte sind</translation>
  </message>
  <message>
   <source>SAR values are</source>
   <translation>SAR-Werte sind</translation>
  </message>
  <message>
   <source>Overrules what was detected.</source>
   <translation>Setzt sich über das Erkannte hinweg.</translation>
  </message>
  <message>
   <source>Report as JSON</source>
   <translation>Bericht als JSON</translation>
  </message>
  <message>
   <source>Number of warnings</source>
   <translation>Zahl der Warnungen</translation>
  </message>
  <message>
   <source>Install ONNX Runtime</source>
   <translation>ONNX Runtime installieren</translation>
  </message>
  <message>
   <source>&lt;p&gt;Adds ONNX Runtime, which runs the networks, to a folder of this plugin in your QGIS profile. QGIS's own Python packages stay as they are.&lt;/p&gt;&lt;p&gt;The file comes from PyPI (up to 30 MB) and is accepted only with the SHA-256 that this version of the plugin knows. On a computer without a network, give the same wheel as a file.&lt;/p&gt;&lt;p&gt;The build &lt;i&gt;openvino&lt;/i&gt; (Linux, 84 MB, three times that on disk) can be faster on some Intel processors. With the device &lt;i&gt;auto&lt;/i&gt; the plugin measures on this computer whether it is, and uses it only then.&lt;/p&gt;</source>
   <translation>&lt;p&gt;Fügt ONNX Runtime, die die Netze ausführt, in einem Ordner dieser Erweiterung im QGIS-Profil hinzu. QGIS' eigene Python-Pakete bleiben, wie sie sind.&lt;/p&gt;&lt;p&gt;Die Datei kommt von PyPI (bis 30 MB) und wird nur mit der SHA-256 angenommen, die diese Version der Erweiterung kennt. Auf einem Computer ohne Netz geben Sie dasselbe Wheel als Datei an.&lt;/p&gt;&lt;p&gt;Die Variante &lt;i&gt;openvino&lt;/i&gt; (Linux, 84 MB, auf der Platte das Dreifache) kann auf manchen Intel-Prozessoren schneller sein. Mit dem Gerät &lt;i&gt;auto&lt;/i&gt; misst die Erweiterung auf diesem Computer, ob sie es ist, und nutzt sie nur dann.&lt;/p&gt;</translation>
  </message>
  <message>
   <source>Leave empty to download.</source>
   <translation>Zum Herunterladen leer lassen.</translation>
  </message>
  <message>
   <source>Build</source>
   <translation>Variante</translation>
  </message>
  <message>
   <source>“openvino” (Linux, 84 MB) can be faster on Intel processors. A wheel may be of either.</source>
   <translation>„openvino“ (Linux, 84 MB) kann auf Intel-Prozessoren schneller sein. Ein Wheel darf von beiden sein.</translation>
  </message>
  <message>
   <source>Takes effect when QGIS starts again.</source>
   <translation>Wirkt, wenn QGIS neu startet.</translation>
  </message>
  <message>
   <source>onnx,runtime,setup,dependency</source>
   <translation>onnx,runtime,einrichten,Abhängigkeit</translation>
  </message>
  <message>
   <source>Wheel on disk</source>
   <translation>Wheel auf der Festplatte</translation>
  </message>
  <message>
   <source>Install even where a runtime works already</source>
   <translation>Auch installieren, wo schon eine Runtime läuft</translation>
  </message>
  <message>
   <source>Version</source>
   <translation>Version</translation>
  </message>
  <message>
   <source>Folder</source>
   <translation>Ordner</translation>
  </message>
  <message>
   <source>ONNX Runtime works already, nothing was installed; AGAIN=true installs all the same.</source>
   <translation>ONNX Runtime funktioniert bereits, nichts wurde installiert; AGAIN=true installiert trotzdem.</translation>
  </message>
  <message>
   <source>Installed; it is used when QGIS starts again.</source>
   <translation>Installiert; wird genutzt, wenn QGIS neu startet.</translation>
  </message>
  <message>
   <source>Downloading {}</source>
   <translation>{} wird heruntergeladen</translation>
  </message>
  <message>
   <source>Installed, but the ONNX Runtime in {} goes before it; remove that one.</source>
   <translation>Installiert, doch die ONNX Runtime in {} geht vor; entfernen Sie jene.</translation>
  </message>
  <message>
   <source>Remove clouds</source>
   <translation>Wolken entfernen</translation>
  </message>
  <message>
   <source>Reconstructs the ground under clouds of a Sentinel-2 image with a Sentinel-1 image.</source>
   <translation>Rekonstruiert den Boden unter den Wolken eines Sentinel-2-Bildes mit einem Sentinel-1-Bild.</translation>
  </message>
  <message>
   <source>&lt;p&gt;Reconstructs what clouds and their shadows hide in a Sentinel-2 image, with the help of a Sentinel-1 radar image of the same place from about the same time.&lt;/p&gt;&lt;p&gt;Bands, data type, scale, grid and metadata of the result are those of the optical input. Pixels outside the cloud mask stay exactly as they are. Bands are found by name or wavelength, units by metadata and values; the log says what was found, and the advanced parameters overrule it.&lt;/p&gt;&lt;p&gt;&lt;b&gt;NFE&lt;/b&gt; is the number of network evaluations: 1 is fastest and closest to the truth on average, more gives sharper texture and takes longer: 3 twice as long, 5 three times.&lt;/p&gt;&lt;p&gt;&lt;b&gt;Reconstructed pixels are estimates.&lt;/b&gt; Use the second output to tell them from observed ones.&lt;/p&gt;&lt;p&gt;On a server: &lt;code&gt;qgis_process run dbcr:removeclouds -- OPTICAL=s2.tif SAR=s1.tif OUTPUT=clear.tif&lt;/code&gt; (Debian and Ubuntu: &lt;code&gt;qgis_process.bin&lt;/code&gt;).&lt;/p&gt;</source>
   <translation>&lt;p&gt;Rekonstruiert, was Wolken und ihre Schatten in einem Sentinel-2-Bild verdecken, mit Hilfe eines Sentinel-1-Radarbildes desselben Ortes aus etwa derselben Zeit.&lt;/p&gt;&lt;p&gt;Bänder, Datentyp, Skalierung, Gitter und Metadaten des Ergebnisses sind die der optischen Eingabe. Pixel außerhalb der Wolkenmaske bleiben genau, wie sie sind. Bänder werden an Namen oder Wellenlänge erkannt, Einheiten an Metadaten und Werten; das Protokoll sagt, was gefunden wurde, und die erweiterten Parameter setzen sich darüber hinweg.&lt;/p&gt;&lt;p&gt;&lt;b&gt;NFE&lt;/b&gt; ist die Zahl der Netzauswertungen: 1 ist am schnellsten und im Mittel der Wahrheit am nächsten, mehr gibt schärfere Textur und dauert länger: 3 doppelt, 5 dreimal so lange.&lt;/p&gt;&lt;p&gt;&lt;b&gt;Rekonstruierte Pixel sind Schätzungen.&lt;/b&gt; Die zweite Ausgabe unterscheidet sie von beobachteten.&lt;/p&gt;&lt;p&gt;Auf einem Server: &lt;code&gt;qgis_process run dbcr:removeclouds -- OPTICAL=s2.tif SAR=s1.tif OUTPUT=clear.tif&lt;/code&gt; (Debian und Ubuntu: &lt;code&gt;qgis_process.bin&lt;/code&gt;).&lt;/p&gt;</translation>
  </message>
  <message>
   <source>cloud,shadow,sentinel-2,sentinel-1,sar,radar,reconstruct,gap,diffusion,deep learning</source>
   <translation>Wolke,Schatten,sentinel-2,sentinel-1,sar,Radar,rekonstruieren,Lücke,Diffusion,Deep Learning</translation>
  </message>
  <message>
   <source>L1C or L2A, any number of bands from 3; a raster file or a layer read from one.</source>
   <translation>L1C oder L2A, ab 3 Bändern; eine Rasterdatei oder ein Layer, der aus einer gelesen wird.</translation>
  </message>
  <message>
   <source>VV and VH, in decibels, power or amplitude, on any grid. Without it the result is much poorer.</source>
   <translation>VV und VH, in Dezibel, Leistung oder Amplitude, auf beliebigem Gitter. Ohne ist das Ergebnis viel schlechter.</translation>
  </message>
  <message>
   <source>0 and 1, cloud probability, or Sentinel-2 scene classes. Without one the model finds the clouds.</source>
   <translation>0 und 1, Wolkenwahrscheinlichkeit oder Szenenklassen von Sentinel-2. Ohne Maske findet das Modell die Wolken.</translation>
  </message>
  <message>
   <source>Steps of the bridge from the cloudy to the clear image.</source>
   <translation>Schritte der Brücke vom bewölkten zum klaren Bild.</translation>
  </message>
  <message>
   <source>Overrules what was detected: decibels, linear power or amplitude.</source>
   <translation>Setzt sich über das Erkannte hinweg: Dezibel, lineare Leistung oder Amplitude.</translation>
  </message>
  <message>
   <source>Outside the radar image the result is then reconstructed without radar.</source>
   <translation>Außerhalb des Radarbildes wird dann ohne Radar rekonstruiert.</translation>
  </message>
  <message>
   <source>Only this part of the image; default: all of it.</source>
   <translation>Nur dieser Teil des Bildes; ohne Angabe: alles.</translation>
  </message>
  <message>
   <source>Where to reconstruct</source>
   <translation>Wo rekonstruiert wird</translation>
  </message>
  <message>
   <source>auto: inside the mask, or where the model sees cloud and shadow if there is no mask; none: every pixel.</source>
   <translation>auto: in der Maske oder, wo es keine gibt, wo das Modell Wolke und Schatten sieht; none: jedes Pixel.</translation>
  </message>
  <message>
   <source>Share of certainty, 0 … 1, from which a pixel counts as cloud; default: one half, or the model's.</source>
   <translation>Anteil der Sicherheit, 0 … 1, ab dem ein Pixel als Wolke zählt; ohne Angabe: ein halb oder die Schwelle des Modells.</translation>
  </message>
  <message>
   <source>Under opaque cloud, the broad level of each band follows the clear land around; off, or where there is too little of it: as bright as the model believes.</source>
   <translation>Unter dichten Wolken folgt das grobe Niveau jedes Bandes dem klaren Land ringsum; ausgeschaltet, oder wo es davon zu wenig gibt: so hell, wie das Modell es vermutet.</translation>
  </message>
  <message>
   <source>Device</source>
   <translation>Gerät</translation>
  </message>
  <message>
   <source>auto takes the fastest at hand; torch needs a worker.</source>
   <translation>auto nimmt das schnellste vorhandene; torch braucht einen Hilfsprozess.</translation>
  </message>
  <message>
   <source>Run in another Python, which has torch or a CUDA build of ONNX Runtime; default: inside QGIS.</source>
   <translation>In einem anderen Python ausführen, das torch oder eine CUDA-Fassung von ONNX Runtime hat; ohne Angabe: in QGIS.</translation>
  </message>
  <message>
   <source>Processor threads for the network.</source>
   <translation>Prozessor-Threads für das Netz.</translation>
  </message>
  <message>
   <source>Pixels that neighbouring tiles share, blended without a seam; default: a quarter of a tile.</source>
   <translation>Pixel, die benachbarte Kacheln gemeinsam haben, ohne Naht überblendet; Vorgabe: ein Viertel einer Kachel.</translation>
  </message>
  <message>
   <source>Sampler</source>
   <translation>Sampler</translation>
  </message>
  <message>
   <source>ode: no randomness; sde: the paper's stochastic variant, reproducible by its seed.</source>
   <translation>ode: ohne Zufall; sde: die stochastische Variante der Veröffentlichung, durch den Startwert wiederholbar.</translation>
  </message>
  <message>
   <source>The same seed gives the same result.</source>
   <translation>Derselbe Startwert gibt dasselbe Ergebnis.</translation>
  </message>
  <message>
   <source>Compression</source>
   <translation>Kompression</translation>
  </message>
  <message>
   <source>Both without loss: deflate is read by every program, zstd is made and read in half the time.</source>
   <translation>Beides verlustfrei: deflate liest jedes Programm, zstd ist in der halben Zeit geschrieben und gelesen.</translation>
  </message>
  <message>
   <source>A cloud-optimised GeoTIFF.</source>
   <translation>Ein cloud-optimiertes GeoTIFF.</translation>
  </message>
  <message>
   <source>Network evaluations (1 faithful … 10 sharp)</source>
   <translation>Netzauswertungen (1 getreu … 10 scharf)</translation>
  </message>
  <message>
   <source>Go on where SAR covers only a part</source>
   <translation>Weitermachen, wo SAR nur einen Teil abdeckt</translation>
  </message>
  <message>
   <source>Extent</source>
   <translation>Ausdehnung</translation>
  </message>
  <message>
   <source>Mask threshold</source>
   <translation>Schwelle der Maske</translation>
  </message>
  <message>
   <source>As bright as the clear land around</source>
   <translation>So hell wie das klare Land ringsum</translation>
  </message>
  <message>
   <source>Grow the mask by (pixels)</source>
   <translation>Maske erweitern um (Pixel)</translation>
  </message>
  <message>
   <source>For masks that miss the rim of clouds; default: layer 0, the model's own mask 4.</source>
   <translation>Für Masken, denen der Rand der Wolken fehlt; ohne Angabe: Layer 0, Maske des Modells 4.</translation>
  </message>
  <message>
   <source>Feather inside the mask (pixels)</source>
   <translation>Weicher Rand in der Maske (Pixel)</translation>
  </message>
  <message>
   <source>The change fades in from the mask's edge inwards; default: layer 0, model 4.</source>
   <translation>Die Änderung setzt vom Rand der Maske nach innen allmählich ein; ohne Angabe: Layer 0, Modell 4.</translation>
  </message>
  <message>
   <source>Worker's Python</source>
   <translation>Python des Hilfsprozesses</translation>
  </message>
  <message>
   <source>Threads (0: all cores)</source>
   <translation>Threads (0: alle Kerne)</translation>
  </message>
  <message>
   <source>Tile overlap (pixels)</source>
   <translation>Kachelüberlappung (Pixel)</translation>
  </message>
  <message>
   <source>Seed of the stochastic sampler</source>
   <translation>Startwert des stochastischen Samplers</translation>
  </message>
  <message>
   <source>Cloud-free image</source>
   <translation>Wolkenfreies Bild</translation>
  </message>
  <message>
   <source>Reconstructed pixels</source>
   <translation>Rekonstruierte Pixel</translation>
  </message>
  <message>
   <source>Per pixel 0 … 100 % reconstructed.</source>
   <translation>Je Pixel 0 … 100 % rekonstruiert.</translation>
  </message>
  <message>
   <source>Uncertainty</source>
   <translation>Unsicherheit</translation>
  </message>
  <message>
   <source>Expected absolute error per band, in its units.</source>
   <translation>Erwarteter absoluter Fehler je Band, in dessen Einheiten.</translation>
  </message>
  <message>
   <source>Device used</source>
   <translation>Benutztes Gerät</translation>
  </message>
  <message>
   <source>Seconds</source>
   <translation>Sekunden</translation>
  </message>
  <message>
   <source>Share of pixels reconstructed (0 … 1)</source>
   <translation>Anteil rekonstruierter Pixel (0 … 1)</translation>
  </message>
  <message>
   <source>Only where the file does not name its bands, such as {}; - skips a band.</source>
   <translation>Nur wo die Datei ihre Bänder nicht nennt, etwa {}; - überspringt ein Band.</translation>
  </message>
 </context>
 <context>
  <name>AssessmentDialog</name>
  <message>
   <source>Assessment</source>
   <translation>Bewertung</translation>
  </message>
  <message>
   <source>Save as HTML…</source>
   <translation>Als HTML speichern …</translation>
  </message>
  <message>
   <source>The same page with its figures, as one file</source>
   <translation>Dieselbe Seite mit ihren Abbildungen, als eine Datei</translation>
  </message>
  <message>
   <source>Open in the browser</source>
   <translation>Im Browser öffnen</translation>
  </message>
  <message>
   <source>Shows the page where it can be printed</source>
   <translation>Zeigt die Seite dort, wo man sie drucken kann</translation>
  </message>
  <message>
   <source>Save the report</source>
   <translation>Bericht speichern</translation>
  </message>
  <message>
   <source>Cannot write {0} ({1}); choose another folder.</source>
   <translation>{0} lässt sich nicht schreiben ({1}); wählen Sie einen anderen Ordner.</translation>
  </message>
 </context>
 <context>
  <name>Dbcr</name>
  <message>
   <source>PSNR {0} dB, SSIM {1}, MAE {2}, SAM {3}°</source>
   <translation>PSNR {0} dB, SSIM {1}, MAE {2}, SAM {3}°</translation>
  </message>
  <message>
   <source>The run could not be prepared.</source>
   <translation>Der Lauf ließ sich nicht vorbereiten.</translation>
  </message>
  <message>
   <source>The run was cancelled; no output was written.</source>
   <translation>Der Lauf wurde abgebrochen; nichts wurde geschrieben.</translation>
  </message>
  <message>
   <source>Training</source>
   <translation>Training</translation>
  </message>
  <message>
   <source>Licence: {0}</source>
   <translation>Lizenz: {0}</translation>
  </message>
  <message>
   <source>reconstruction</source>
   <translation>Rekonstruktion</translation>
  </message>
  <message>
   <source>The preview, or the latest result, in the input's colours</source>
   <translation>Die Vorschau oder das letzte Ergebnis, in den Farben der Eingabe</translation>
  </message>
  <message>
   <source>SAR</source>
   <translation>SAR</translation>
  </message>
  <message>
   <source>The radar image</source>
   <translation>Das Radarbild</translation>
  </message>
  <message>
   <source>changed pixels</source>
   <translation>geänderte Pixel</translation>
  </message>
  <message>
   <source>Orange: reconstructed; the rest is as observed</source>
   <translation>Orange: rekonstruiert; der Rest ist wie beobachtet</translation>
  </message>
  <message>
   <source>uncertainty</source>
   <translation>Unsicherheit</translation>
  </message>
  <message>
   <source>How large an error the model expects, pale to dark blue</source>
   <translation>Wie großen Fehler das Modell erwartet, hell bis dunkelblau</translation>
  </message>
  <message>
   <source>input</source>
   <translation>Eingabe</translation>
  </message>
  <message>
   <source>preview: {0}</source>
   <translation>Vorschau: {0}</translation>
  </message>
  <message>
   <source>ONNX Runtime, which runs the model, is missing. It can be added in three ways:</source>
   <translation>ONNX Runtime, die das Modell ausführt, fehlt. Sie lässt sich auf drei Wegen hinzufügen:</translation>
  </message>
  <message>
   <source>{0}, in the worker</source>
   <translation>{0}, im Hilfsprozess</translation>
  </message>
  <message>
   <source>optical image</source>
   <translation>optisches Bild</translation>
  </message>
  <message>
   <source>SAR image</source>
   <translation>SAR-Bild</translation>
  </message>
  <message>
   <source>cloud mask</source>
   <translation>Wolkenmaske</translation>
  </message>
  <message>
   <source>ONNX Runtime {0} is ready.</source>
   <translation>ONNX Runtime {0} ist bereit.</translation>
  </message>
  <message>
   <source>Running in the background; the task list shows progress and cancels.</source>
   <translation>Läuft im Hintergrund; die Aufgabenliste zeigt den Fortschritt und bricht ab.</translation>
  </message>
  <message>
   <source>preview {0} · whole scene at most {1}</source>
   <translation>Vorschau {0} · ganze Szene höchstens {1}</translation>
  </message>
  <message>
   <source>The map shows no part of the optical image; zoom to it for a preview.</source>
   <translation>Die Karte zeigt keinen Teil des optischen Bildes; zoomen Sie für eine Vorschau darauf.</translation>
  </message>
  <message>
   <source>linear power</source>
   <translation>lineare Leistung</translation>
  </message>
  <message>
   <source>amplitude</source>
   <translation>Amplitude</translation>
  </message>
  <message>
   <source>{0} bands, {1}</source>
   <translation>{0} Bänder, {1}</translation>
  </message>
  <message>
   <source>{0} days later</source>
   <translation>{0} Tage später</translation>
  </message>
  <message>
   <source>{0} days earlier</source>
   <translation>{0} Tage früher</translation>
  </message>
  <message>
   <source>other grid, will be aligned</source>
   <translation>anderes Gitter, wird angepasst</translation>
  </message>
  <message>
   <source>offset {0} still in</source>
   <translation>Versatz {0} noch enthalten</translation>
  </message>
  <message>
   <source>SAR {0} in {1}, covers {2}</source>
   <translation>SAR {0} in {1}, deckt {2} ab</translation>
  </message>
  <message>
   <source>cloud about {0}, by brightness</source>
   <translation>Wolken etwa {0}, nach Helligkeit</translation>
  </message>
  <message>
   <source>There is not enough memory; close other programs.</source>
   <translation>Der Speicher reicht nicht; schließen Sie andere Programme.</translation>
  </message>
  <message>
   <source>Unexpected {0}; please report it with what QGIS's log says under DB-CR.</source>
   <translation>Unerwartet: {0}; bitte melden Sie es mit dem, was das Protokoll von QGIS unter DB-CR enthält.</translation>
  </message>
  <message>
   <source>Inspecting the inputs</source>
   <translation>Eingaben werden geprüft</translation>
  </message>
  <message>
   <source>Load a Sentinel-2 raster file to begin.</source>
   <translation>Laden Sie zuerst eine Sentinel-2-Rasterdatei.</translation>
  </message>
  <message>
   <source>The SAR image lies elsewhere; choose one of the same place.</source>
   <translation>Das SAR-Bild liegt woanders; wählen Sie eines desselben Ortes.</translation>
  </message>
  <message>
   <source>Without SAR the result is much poorer; choose a Sentinel-1 image if you have one.</source>
   <translation>Ohne SAR ist das Ergebnis viel schlechter; wählen Sie ein Sentinel-1-Bild, wenn Sie eines haben.</translation>
  </message>
  <message>
   <source>The two images are {0} days apart; the ground may have changed.</source>
   <translation>Zwischen den Bildern liegen {0} Tage; der Boden kann sich verändert haben.</translation>
  </message>
  <message>
   <source>No {0} was given; choose a raster layer or a raster file.</source>
   <translation>Es fehlt: {0}. Wählen Sie einen Rasterlayer oder eine Rasterdatei.</translation>
  </message>
  <message>
   <source>“{0}” is no raster layer; choose a raster file as the {1}.</source>
   <translation>„{0}“ ist kein Rasterlayer; wählen Sie eine Rasterdatei ({1}).</translation>
  </message>
  <message>
   <source>“{0}” cannot be read as a raster; check that the file exists and is an image GDAL can open.</source>
   <translation>„{0}“ lässt sich nicht als Raster lesen; prüfen Sie, ob die Datei da ist und GDAL sie öffnen kann.</translation>
  </message>
  <message>
   <source>“{0}” is a map service, not measured values; choose a raster file as the {1}.</source>
   <translation>„{0}“ ist ein Kartendienst, keine Messwerte; wählen Sie eine Rasterdatei ({1}).</translation>
  </message>
  <message>
   <source>“{0}” is read over the network; save it to disk and choose the file as the {1}.</source>
   <translation>„{0}“ wird über das Netz gelesen; speichern Sie es auf die Festplatte und wählen Sie die Datei ({1}).</translation>
  </message>
  <message>
   <source>“{0}” has no coordinate reference system; assign one (Raster ▸ Projections ▸ Assign Projection).</source>
   <translation>„{0}“ hat kein Koordinatenreferenzsystem; weisen Sie eines zu (Raster ▸ Projektionen ▸ Projektion zuweisen).</translation>
  </message>
  <message>
   <source>Cloud removal self-test</source>
   <translation>Wolken entfernen: Selbsttest</translation>
  </message>
  <message>
   <source>Cloud removal</source>
   <translation>Wolken entfernen</translation>
  </message>
  <message>
   <source>Cloud removal (DB-CR)</source>
   <translation>Wolken entfernen (DB-CR)</translation>
  </message>
  <message>
   <source>Remove clouds from a Sentinel-2 image</source>
   <translation>Wolken aus einem Sentinel-2-Bild entfernen</translation>
  </message>
  <message>
   <source>Cloud removal preview</source>
   <translation>Wolken entfernen: Vorschau</translation>
  </message>
  <message>
   <source>Preparing a cloud removal preview</source>
   <translation>Wolken entfernen: Vorschau vorbereiten</translation>
  </message>
  <message>
   <source>the offset is removed</source>
   <translation>der Versatz ist entfernt</translation>
  </message>
  <message>
   <source>the offset is still in</source>
   <translation>der Versatz ist noch enthalten</translation>
  </message>
  <message>
   <source>reflectance, 0 … 1</source>
   <translation>Reflektanz, 0 … 1</translation>
  </message>
  <message>
   <source>decibels</source>
   <translation>Dezibel</translation>
  </message>
  <message>
   <source>all above 0 is cloud</source>
   <translation>alles über 0 ist Wolke</translation>
  </message>
  <message>
   <source>probability</source>
   <translation>Wahrscheinlichkeit</translation>
  </message>
  <message>
   <source>scene classes</source>
   <translation>Szenenklassen</translation>
  </message>
  <message>
   <source>What is right?</source>
   <translation>Was stimmt?</translation>
  </message>
  <message>
   <source>{0}: {1} s per tile, mean {2}, checksum {3} (the same computer and device give the same checksum)</source>
   <translation>{0}: {1} s je Kachel, Mittel {2}, Prüfsumme {3} (derselbe Computer und dasselbe Gerät geben dieselbe Prüfsumme)</translation>
  </message>
  <message>
   <source>right: within {0} of the model's own answer</source>
   <translation>richtig: höchstens {0} neben der eigenen Antwort des Modells</translation>
  </message>
  <message>
   <source>0: as observed</source>
   <translation>0: wie beobachtet</translation>
  </message>
  <message>
   <source>almost none</source>
   <translation>fast keine</translation>
  </message>
  <message>
   <source>0 %: as observed</source>
   <translation>0 %: wie beobachtet</translation>
  </message>
  <message>
   <source>1 … 99 %: mixed, at the edge</source>
   <translation>1 … 99 %: gemischt, am Rand</translation>
  </message>
  <message>
   <source>100 %: reconstructed</source>
   <translation>100 %: rekonstruiert</translation>
  </message>
  <message>
   <source>reflectance {0}</source>
   <translation>Reflektanz {0}</translation>
  </message>
  <message>
   <source>reflectance {0} and more</source>
   <translation>Reflektanz {0} und mehr</translation>
  </message>
  <message>
   <source>reconstructed pixels</source>
   <translation>rekonstruierte Pixel</translation>
  </message>
  <message>
   <source>cloud-free</source>
   <translation>wolkenfrei</translation>
  </message>
  <message>
   <source>{0}: {1} of the pixels were reconstructed.</source>
   <translation>{0}: {1} der Pixel wurden rekonstruiert.</translation>
  </message>
  <message>
   <source>{0}, clouds removed</source>
   <translation>{0}, Wolken entfernt</translation>
  </message>
 </context>
 <context>
  <name>DbcrDock</name>
  <message>
   <source>Cloud removal</source>
   <translation>Wolken entfernen</translation>
  </message>
  <message>
   <source>As measured with the preview; a scene costs less where it is clear</source>
   <translation>Wie bei der Vorschau gemessen; eine Szene kostet weniger, wo sie klar ist</translation>
  </message>
  <message>
   <source>&amp;Get ONNX Runtime (up to 30 MB)</source>
   <translation>ONN&amp;X Runtime holen (bis 30 MB)</translation>
  </message>
  <message>
   <source>Downloads it once, beside QGIS's own packages; nothing of QGIS changes</source>
   <translation>Lädt sie einmal herunter, neben die Pakete von QGIS; an QGIS ändert sich nichts</translation>
  </message>
  <message>
   <source>or a wheel from disk</source>
   <translation>oder ein Wheel von der Festplatte</translation>
  </message>
  <message>
   <source>Wheel on disk</source>
   <translation>Wheel auf der Festplatte</translation>
  </message>
  <message>
   <source>Without a network: the same wheel as a file</source>
   <translation>Ohne Netz: dasselbe Wheel als Datei</translation>
  </message>
  <message>
   <source>The same from a command line</source>
   <translation>Dasselbe von einer Befehlszeile aus</translation>
  </message>
  <message>
   <source>The bundled model, and those in the folder that the options name</source>
   <translation>Das mitgelieferte Modell und die im Ordner, den die Optionen nennen</translation>
  </message>
  <message>
   <source>Model card</source>
   <translation>Modellkarte</translation>
  </message>
  <message>
   <source>What the model was trained on, how well it does, and where not to trust it</source>
   <translation>Womit das Modell trainiert wurde, wie gut es ist und wo man ihm nicht trauen darf</translation>
  </message>
  <message>
   <source>Model</source>
   <translation>Modell</translation>
  </message>
  <message>
   <source>What really computes; the options choose it</source>
   <translation>Was wirklich rechnet; die Optionen bestimmen es</translation>
  </message>
  <message>
   <source>Device</source>
   <translation>Gerät</translation>
  </message>
  <message>
   <source>What was found in the inputs</source>
   <translation>Was in den Eingaben gefunden wurde</translation>
  </message>
  <message>
   <source>as bright as the clear land around</source>
   <translation>so hell wie das Land ringsum</translation>
  </message>
  <message>
   <source>Under clouds the brightness of each band follows the clear land around; off: the model's own</source>
   <translation>Unter Wolken folgt die Helligkeit jedes Bandes dem klaren Land ringsum; aus: die des Modells</translation>
  </message>
  <message>
   <source>Reconstruct what the map shows now</source>
   <translation>Rekonstruieren, was die Karte gerade zeigt</translation>
  </message>
  <message>
   <source>follow the map</source>
   <translation>der Karte folgen</translation>
  </message>
  <message>
   <source>Draw a new preview after panning and zooming</source>
   <translation>Nach dem Verschieben und Zoomen neu zeichnen</translation>
  </message>
  <message>
   <source>Reconstructed pixels are estimates, not observations.</source>
   <translation>Rekonstruierte Pixel sind Schätzungen, keine Beobachtungen.</translation>
  </message>
  <message>
   <source>let the model find clouds</source>
   <translation>das Modell findet die Wolken</translation>
  </message>
  <message>
   <source>every pixel</source>
   <translation>jedes Pixel</translation>
  </message>
  <message>
   <source>none (poorer result)</source>
   <translation>keines (schlechteres Ergebnis)</translation>
  </message>
  <message>
   <source>told once an image is chosen</source>
   <translation>steht hier, sobald ein Bild gewählt ist</translation>
  </message>
  <message>
   <source>Wheels</source>
   <translation>Wheels</translation>
  </message>
  <message>
   <source>Op&amp;tical</source>
   <translation>Op&amp;tisch</translation>
  </message>
  <message>
   <source>The cloudy Sentinel-2 image</source>
   <translation>Das bewölkte Sentinel-2-Bild</translation>
  </message>
  <message>
   <source>S&amp;AR</source>
   <translation>&amp;SAR</translation>
  </message>
  <message>
   <source>A Sentinel-1 image of the same place and about the same date</source>
   <translation>Ein Sentinel-1-Bild desselben Orts und ungefähr desselben Datums</translation>
  </message>
  <message>
   <source>Mas&amp;k</source>
   <translation>&amp;Maske</translation>
  </message>
  <message>
   <source>Where to reconstruct; the rest stays exactly as it is</source>
   <translation>Wo rekonstruiert wird; der Rest bleibt genau, wie er ist</translation>
  </message>
  <message>
   <source>Prev&amp;iew</source>
   <translation>Vors&amp;chau</translation>
  </message>
 </context>
 <context>
  <name>RunBox</name>
  <message>
   <source>Where the cloud-free image goes; empty: a temporary file</source>
   <translation>Wohin das wolkenfreie Bild kommt; leer: eine temporäre Datei</translation>
  </message>
  <message>
   <source>Whole scene</source>
   <translation>Ganze Szene</translation>
  </message>
  <message>
   <source>[temporary file]</source>
   <translation>[temporäre Datei]</translation>
  </message>
  <message>
   <source>Cloud-free image</source>
   <translation>Wolkenfreies Bild</translation>
  </message>
  <message>
   <source>changed pixels</source>
   <translation>geänderte Pixel</translation>
  </message>
  <message>
   <source>uncertainty</source>
   <translation>Unsicherheit</translation>
  </message>
  <message>
   <source>In the background; the task list at the bottom shows progress and cancels</source>
   <translation>Im Hintergrund; die Aufgabenliste unten zeigt den Fortschritt und bricht ab</translation>
  </message>
  <message>
   <source>Cop&amp;y as</source>
   <translation>&amp;Kopieren als</translation>
  </message>
  <message>
   <source>The same run as text, to repeat it elsewhere</source>
   <translation>Derselbe Lauf als Text, um ihn anderswo zu wiederholen</translation>
  </message>
  <message>
   <source>Also written and loaded; beside a named image, as …_changed.tif and …_uncertainty.tif</source>
   <translation>Wird auch geschrieben und geladen; neben einem benannten Bild als …_changed.tif und …_uncertainty.tif</translation>
  </message>
  <message>
   <source>R&amp;un on the whole scene</source>
   <translation>Gan&amp;ze Szene rechnen</translation>
  </message>
  <message>
   <source>qgis_process command</source>
   <translation>qgis_process-Befehl</translation>
  </message>
  <message>
   <source>Python</source>
   <translation>Python</translation>
  </message>
 </context>
 <context>
  <name>AssessBox</name>
  <message>
   <source>Where the report goes, a page with its figures; empty: a temporary file</source>
   <translation>Wohin der Bericht kommt, eine Seite mit Abbildungen; leer: eine temporäre Datei</translation>
  </message>
  <message>
   <source>Assess</source>
   <translation>Bewerten</translation>
  </message>
  <message>
   <source>The image to assess: the latest result, or any other</source>
   <translation>Das zu bewertende Bild: das letzte Ergebnis oder ein anderes</translation>
  </message>
  <message>
   <source>A clear image of the same place and about the same date</source>
   <translation>Ein klares Bild desselben Ortes und ungefähr desselben Tages</translation>
  </message>
  <message>
   <source>[temporary file]</source>
   <translation>[temporäre Datei]</translation>
  </message>
  <message>
   <source>Report</source>
   <translation>Bericht</translation>
  </message>
  <message>
   <source>Result</source>
   <translation>Ergebnis</translation>
  </message>
  <message>
   <source>Refere&amp;nce</source>
   <translation>Re&amp;ferenz</translation>
  </message>
  <message>
   <source>PSNR, SSIM, MAE and SAM for all, cloudy and clear pixels, with an error map</source>
   <translation>PSNR, SSIM, MAE und SAM für alle, bewölkte und klare Pixel, mit Fehlerkarte</translation>
  </message>
 </context>
 <context>
  <name>CompareLines</name>
  <message>
   <source>What lies over the input</source>
   <translation>Was über der Eingabe liegt</translation>
  </message>
  <message>
   <source>Over the input</source>
   <translation>Über der Eingabe</translation>
  </message>
  <message>
   <source>Swipe</source>
   <translation>Wischen</translation>
  </message>
  <message>
   <source>Drag a line over the map between input and picture</source>
   <translation>Eine Linie zwischen Eingabe und Bild über die Karte ziehen</translation>
  </message>
  <message>
   <source>&amp;Flip</source>
   <translation>&amp;Umschalten</translation>
  </message>
  <message>
   <source>Hide or show the picture; the space bar does it while swiping</source>
   <translation>Bild aus- oder einblenden; beim Wischen mit der Leertaste</translation>
  </message>
  <message>
   <source>Side &amp;by side</source>
   <translation>Nebene&amp;inander</translation>
  </message>
  <message>
   <source>Reconstruction, SAR, changed pixels and uncertainty in linked maps</source>
   <translation>Rekonstruktion, SAR, geänderte Pixel und Unsicherheit in verknüpften Karten</translation>
  </message>
  <message>
   <source>reconstruction</source>
   <translation>Rekonstruktion</translation>
  </message>
  <message>
   <source>SAR</source>
   <translation>SAR</translation>
  </message>
  <message>
   <source>changed pixels</source>
   <translation>geänderte Pixel</translation>
  </message>
  <message>
   <source>uncertainty</source>
   <translation>Unsicherheit</translation>
  </message>
 </context>
 <context>
  <name>DockController</name>
  <message>
   <source>Copied; layers stand in it as files.</source>
   <translation>Kopiert; Layer stehen darin als Dateien.</translation>
  </message>
  <message>
   <source>Cloud removal</source>
   <translation>Wolken entfernen</translation>
  </message>
  <message>
   <source>Preview of the centre, {0} × {1} pixels; zoom in to see the rest.</source>
   <translation>Vorschau der Mitte, {0} × {1} Pixel; für den Rest hineinzoomen.</translation>
  </message>
 </context>
 <context>
  <name>CurveBackground</name>
  <message>
   <source>Measured on the model's validation scenes; up is better. PSNR: closeness to the truth. LPIPS: likeness of texture.</source>
   <translation>Gemessen an den Validierungsszenen des Modells; oben ist besser. PSNR: Nähe zur Wahrheit. LPIPS: Ähnlichkeit der Textur.</translation>
  </message>
  <message>
   <source>This model's card holds no measurements.</source>
   <translation>Die Karte dieses Modells enthält keine Messungen.</translation>
  </message>
 </context>
 <context>
  <name>NfeDial</name>
  <message>
   <source>Network evaluations</source>
   <translation>Netzauswertungen</translation>
  </message>
  <message>
   <source>Network evaluations (NFE). 1: closest to the truth on average. More: sharper texture, more time.</source>
   <translation>Netzauswertungen (NFE). 1: im Mittel der Wahrheit am nächsten. Mehr: schärfere Textur, mehr Zeit.</translation>
  </message>
  <message>
   <source>faithful</source>
   <translation>getreu</translation>
  </message>
  <message>
   <source>sharp</source>
   <translation>scharf</translation>
  </message>
 </context>
 <context>
  <name>OptionsPage</name>
  <message>
   <source>running…</source>
   <translation>läuft …</translation>
  </message>
  <message>
   <source>Computing</source>
   <translation>Berechnung</translation>
  </message>
  <message>
   <source>Device</source>
   <translation>Gerät</translation>
  </message>
  <message>
   <source>auto takes the fastest at hand; those that begin with torch need a worker</source>
   <translation>auto nimmt das schnellste vorhandene; was mit torch beginnt, braucht einen Hilfsprozess</translation>
  </message>
  <message>
   <source>Threads</source>
   <translation>Threads</translation>
  </message>
  <message>
   <source>Processor threads for the network</source>
   <translation>Prozessor-Threads für das Netz</translation>
  </message>
  <message>
   <source>Tile overlap</source>
   <translation>Kachelüberlappung</translation>
  </message>
  <message>
   <source>What neighbouring tiles share; more costs time and hides their borders better</source>
   <translation>Was benachbarte Kacheln teilen; mehr kostet Zeit und verbirgt ihre Ränder besser</translation>
  </message>
  <message>
   <source>Compression</source>
   <translation>Kompression</translation>
  </message>
  <message>
   <source>Of the files that the dock writes: deflate is read by every program, zstd takes half the time</source>
   <translation>Der Dateien, die das Bedienfeld schreibt: deflate liest jedes Programm, zstd braucht die halbe Zeit</translation>
  </message>
  <message>
   <source>Python of the worker</source>
   <translation>Python des Hilfsprozesses</translation>
  </message>
  <message>
   <source>Another Python, which has torch or a CUDA build of ONNX Runtime; jobs and previews run there</source>
   <translation>Ein anderes Python, das torch oder eine CUDA-Fassung von ONNX Runtime hat; Läufe und Vorschauen rechnen dort</translation>
  </message>
  <message>
   <source>&amp;Self-test</source>
   <translation>&amp;Selbsttest</translation>
  </message>
  <message>
   <source>Runs one tile with these settings: device, seconds, checksum</source>
   <translation>Rechnet eine Kachel mit diesen Einstellungen: Gerät, Sekunden, Prüfsumme</translation>
  </message>
  <message>
   <source>Model</source>
   <translation>Modell</translation>
  </message>
  <message>
   <source>Model file</source>
   <translation>Modelldatei</translation>
  </message>
  <message>
   <source>What the dock and the algorithms use unless they are told otherwise</source>
   <translation>Was das Bedienfeld und die Algorithmen benutzen, wenn nichts anderes gesagt ist</translation>
  </message>
  <message>
   <source>Model folder</source>
   <translation>Modellordner</translation>
  </message>
  <message>
   <source>The dock offers every model file in it</source>
   <translation>Das Bedienfeld bietet jede Modelldatei darin an</translation>
  </message>
  <message>
   <source>Preview</source>
   <translation>Vorschau</translation>
  </message>
  <message>
   <source>Longest side</source>
   <translation>Längste Seite</translation>
  </message>
  <message>
   <source>A map that shows more is previewed in its centre</source>
   <translation>Zeigt die Karte mehr, gilt die Vorschau ihrer Mitte</translation>
  </message>
  <message>
   <source>Cache</source>
   <translation>Zwischenspeicher</translation>
  </message>
  <message>
   <source>Memory for what earlier previews looked at: going back costs nothing</source>
   <translation>Speicher für das, was frühere Vorschauen ansahen: Zurückgehen kostet nichts</translation>
  </message>
  <message>
   <source>&amp;Clear</source>
   <translation>&amp;Leeren</translation>
  </message>
  <message>
   <source>Forgets what earlier previews looked at</source>
   <translation>Vergisst, was frühere Vorschauen ansahen</translation>
  </message>
  <message>
   <source>Folder</source>
   <translation>Ordner</translation>
  </message>
  <message>
   <source>Where the plugin keeps its own ONNX Runtime, outside QGIS's packages</source>
   <translation>Wo die Erweiterung ihre eigene ONNX Runtime hält, außerhalb der Pakete von QGIS</translation>
  </message>
  <message>
   <source>Package index</source>
   <translation>Paketindex</translation>
  </message>
  <message>
   <source>Where it is downloaded from, on request only</source>
   <translation>Von wo sie heruntergeladen wird, nur auf Wunsch</translation>
  </message>
  <message>
   <source>all cores</source>
   <translation>alle Kerne</translation>
  </message>
  <message>
   <source>a quarter of a tile</source>
   <translation>ein Viertel einer Kachel</translation>
  </message>
  <message>
   <source> pixels</source>
   <translation> Pixel</translation>
  </message>
  <message>
   <source>none: everything runs inside QGIS</source>
   <translation>keines: alles läuft in QGIS</translation>
  </message>
  <message>
   <source>the bundled one</source>
   <translation>das mitgelieferte</translation>
  </message>
  <message>
   <source>none</source>
   <translation>keiner</translation>
  </message>
  <message>
   <source>in the profile</source>
   <translation>im Profil</translation>
  </message>
  <message>
   <source>DB-CR models</source>
   <translation>DB-CR-Modelle</translation>
  </message>
  <message>
   <source>in use: {0} MB</source>
   <translation>belegt: {0} MB</translation>
  </message>
 </context>
 <context>
  <name>SideBySide</name>
  <message>
   <source>Cloud removal, side by side</source>
   <translation>Wolken entfernen, nebeneinander</translation>
  </message>
 </context>
</TS>
