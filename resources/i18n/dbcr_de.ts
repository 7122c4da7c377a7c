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
   <translation type="unfinished" />
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
   <translation type="unfinished" />
  </message>
  <message>
   <source>A page with the figures and a chart per band.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The same for programs.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>all</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>cloudy</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>clear</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>accuracy,psnr,ssim,mae,sam,validation,compare</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>A result of this plugin, say.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>A clear image from about the same date.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Scores its pixels and the others apart.</source>
   <translation type="unfinished" />
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
   <translation type="unfinished" />
  </message>
  <message>
   <source>reference image</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>cloud mask</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>pixels</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>count</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Mean absolute error per band, in reflectance</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Where they differ</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>White: no difference; dark red: 0.1 reflectance and more; grey: no data.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Otherwise files that lead there, such as virtual rasters of web addresses, are refused.</source>
   <translation>Sonst werden Dateien, die dorthin führen, etwa virtuelle Raster von Webadressen, abgelehnt.</translation>
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
   <translation type="unfinished" />
  </message>
  <message>
   <source>version,support,bug,report</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Inspect inputs</source>
   <translation>Eingaben prüfen</translation>
  </message>
  <message>
   <source>&lt;p&gt;Says what “Remove clouds” would find in the inputs: which bands and how they were recognised, L1C or L2A, whether the −1000 offset is still in, decibels or power, grids, overlap, dates, cloud share; and warns of snow, water, cirrus, saturation and gaps.&lt;/p&gt;&lt;p&gt;Nothing is computed and nothing is changed.&lt;/p&gt;</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>What was found in the inputs</source>
   <translation>Was in den Eingaben gefunden wurde</translation>
  </message>
  <message>
   <source>A page with what was found.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>check,bands,radiometry,offset,decibel,overlap,sentinel</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Cloudy Sentinel-2 image</source>
   <translation>Bewölktes Sentinel-2-Bild</translation>
  </message>
  <message>
   <source>L1C or L2A, any number of bands.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Sentinel-1 image</source>
   <translation>Sentinel-1-Bild</translation>
  </message>
  <message>
   <source>VV and VH, in any unit, on any grid.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>0 and 1, cloud probability, or scene classes.</source>
   <translation type="unfinished" />
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
   <source>Only where the file does not name its bands; - skips a band.</source>
   <translation type="unfinished" />
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
   <translation type="unfinished" />
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
   <source>optical image</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>SAR image</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Install ONNX Runtime</source>
   <translation>ONNX Runtime installieren</translation>
  </message>
  <message>
   <source>&lt;p&gt;Adds ONNX Runtime, which runs the networks, to a folder of this plugin in your QGIS profile. QGIS's own Python packages stay as they are.&lt;/p&gt;&lt;p&gt;The file comes from PyPI (about 20 MB) and is accepted only with the SHA-256 that this version of the plugin knows. On a computer without a network, give the same wheel as a file.&lt;/p&gt;</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Leave empty to download.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Takes effect when QGIS starts again.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>onnx,runtime,setup,dependency</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Wheel on disk</source>
   <translation>Wheel auf der Festplatte</translation>
  </message>
  <message>
   <source>Install even where a runtime works already</source>
   <translation type="unfinished" />
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
   <source>Downloading {}</source>
   <translation type="unfinished" />
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
   <source>&lt;p&gt;Reconstructs what clouds and their shadows hide in a Sentinel-2 image, with the help of a Sentinel-1 radar image of the same place from about the same time.&lt;/p&gt;&lt;p&gt;Bands, data type, scale, grid and metadata of the result are those of the optical input. Pixels outside the cloud mask stay exactly as they are. Bands are found by name or wavelength, units by metadata and values; the log says what was found, and the advanced parameters overrule it.&lt;/p&gt;&lt;p&gt;&lt;b&gt;NFE&lt;/b&gt; is the number of network evaluations: 1 is fastest and closest to the truth on average, more gives sharper texture and costs as many times more.&lt;/p&gt;&lt;p&gt;&lt;b&gt;Reconstructed pixels are estimates.&lt;/b&gt; Use the second output to tell them from observed ones.&lt;/p&gt;&lt;p&gt;On a server: &lt;code&gt;qgis_process run dbcr:removeclouds -- OPTICAL=s2.tif SAR=s1.tif OUTPUT=clear.tif&lt;/code&gt; (Debian and Ubuntu: &lt;code&gt;qgis_process.bin&lt;/code&gt;).&lt;/p&gt;</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>cloud,shadow,sentinel-2,sentinel-1,sar,radar,reconstruct,gap,diffusion,deep learning</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>L1C or L2A, any number of bands from 3; a raster file or a layer read from one.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>VV and VH, in decibels, power or amplitude, on any grid. Without it the result is much poorer.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>0 and 1, cloud probability, or Sentinel-2 scene classes. Without one the model finds the clouds.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Steps of the bridge from the cloudy to the clear image.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Overrules what was detected: dn (reflectance × 10000), dn-1000 (with the offset still in), reflectance (0 … 1).</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Overrules what was detected: decibels, linear power or amplitude.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Outside the radar image the result is then reconstructed without radar.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Only this part of the image; default: all of it.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Where to reconstruct</source>
   <translation>Wo rekonstruiert wird</translation>
  </message>
  <message>
   <source>auto: inside the mask, or where the model sees cloud and shadow if there is no mask; none: every pixel.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Mask values are</source>
   <translation>Maskenwerte sind</translation>
  </message>
  <message>
   <source>auto decides by the values; binary (above 0 is cloud), probability, or scl (scene classes).</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Share of certainty, 0 … 1, from which a pixel counts as cloud; default: one half, or the model's.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>A .dbcr file; default: the bundled model.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Device</source>
   <translation>Gerät</translation>
  </message>
  <message>
   <source>auto takes the fastest at hand; torch needs a worker.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Run in another Python, which has torch or a CUDA build of ONNX Runtime; default: inside QGIS.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Processor threads for the network.</source>
   <translation type="unfinished" />
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
   <translation type="unfinished" />
  </message>
  <message>
   <source>The same seed gives the same result.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>A cloud-optimised GeoTIFF.</source>
   <translation type="unfinished" />
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
   <source>Grow the mask by (pixels)</source>
   <translation>Maske erweitern um (Pixel)</translation>
  </message>
  <message>
   <source>For masks that miss the rim of clouds; default: layer 0, the model's own mask 4.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Feather inside the mask (pixels)</source>
   <translation>Weicher Rand in der Maske (Pixel)</translation>
  </message>
  <message>
   <source>The change fades in from the mask's edge inwards; default: layer 2, model 4.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Model file</source>
   <translation>Modelldatei</translation>
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
   <translation type="unfinished" />
  </message>
  <message>
   <source>Uncertainty</source>
   <translation>Unsicherheit</translation>
  </message>
  <message>
   <source>Expected absolute error per band, in its units.</source>
   <translation type="unfinished" />
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
   <translation type="unfinished" />
  </message>
  <message>
   <source>Only where the file does not name its bands, such as {}; - skips a band.</source>
   <translation type="unfinished" />
  </message>
 </context>
 <context>
  <name>AssessmentDialog</name>
  <message>
   <source>Assessment</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Save as HTML…</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The same page with its figures, as one file</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Open in the browser</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Shows the page where it can be printed</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Save the report</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Cannot write {0} ({1}); choose another folder.</source>
   <translation type="unfinished" />
  </message>
 </context>
 <context>
  <name>Dbcr</name>
  <message>
   <source>PSNR {0} dB, SSIM {1}, MAE {2}, SAM {3}°</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The run could not be prepared.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The run was cancelled; no output was written.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>reconstruction</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The preview, or the latest result, in the input's colours</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>SAR</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The radar image</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>changed pixels</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Orange: reconstructed; the rest is as observed</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>uncertainty</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>How large an error the model expects, pale to dark blue</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>ONNX Runtime, which runs the model, is missing. It can be added in three ways:</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>optical image</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>SAR image</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>cloud mask</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Running in the background; the task list shows progress and cancels.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>preview {0} · whole scene at most {1}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>linear power</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>amplitude</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0} bands, {1}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0} days later</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0} days earlier</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>other grid, will be aligned</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>offset {0} still in</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>SAR {0} in {1}, covers {2}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>cloud about {0}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Load a Sentinel-2 raster file to begin.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The SAR image lies elsewhere; choose one of the same place.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Without SAR the result is much poorer; choose a Sentinel-1 image if you have one.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The two images are {0} days apart; the ground may have changed.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>No {0} was given; choose a raster layer or a raster file.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>“{0}” is no raster layer; choose a raster file as the {1}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>“{0}” cannot be read as a raster; check that the file exists and is an image GDAL can open.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>“{0}” is a map service, not measured values; choose a raster file as the {1}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>“{0}” is read over the network; save it to disk and choose the file as the {1}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>“{0}” has no coordinate reference system; assign one (Raster ▸ Projections ▸ Assign Projection).</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0}: {1} s per tile, mean {2}, checksum {3} (the same computer and device give the same checksum)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>0: as observed</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>almost none</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>0 %: as observed</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>1 … 99 %: mixed, at the edge</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>100 %: reconstructed</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>reflectance {0}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>reflectance {0} and more</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>reconstructed pixels</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>cloud-free</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0}: {1} of the pixels were reconstructed.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0}, clouds removed</source>
   <translation type="unfinished" />
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
   <translation type="unfinished" />
  </message>
  <message>
   <source>&amp;Get ONNX Runtime (about 20 MB)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Downloads it once, beside QGIS's own packages; nothing of QGIS changes</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>or a wheel from disk</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Without a network: the same wheel as a file</source>
   <translation>Ohne Netz: dasselbe Wheel als Datei</translation>
  </message>
  <message>
   <source>The same from a command line</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The bundled model, and those in the folder that the options name</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Model card</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>What the model was trained on, how well it does, and where not to trust it</source>
   <translation>Womit das Modell trainiert wurde, wie gut es ist und wo man ihm nicht trauen darf</translation>
  </message>
  <message>
   <source>Model</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>What really computes; the options choose it</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Device</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>What was found in the inputs</source>
   <translation>Was in den Eingaben gefunden wurde</translation>
  </message>
  <message>
   <source>Prev&amp;iew</source>
   <translation type="unfinished" />
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
   <source>What lies over the input</source>
   <translation>Was über der Eingabe liegt</translation>
  </message>
  <message>
   <source>Over the input</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Swipe</source>
   <translation type="unfinished" />
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
   <translation type="unfinished" />
  </message>
  <message>
   <source>Reconstruction, SAR, changed pixels and uncertainty in linked maps</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Whole scene</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>[temporary file]</source>
   <translation>[temporäre Datei]</translation>
  </message>
  <message>
   <source>Where the cloud-free image goes; empty: a temporary file</source>
   <translation type="unfinished" />
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
   <source>R&amp;un on the whole scene</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>In the background; the task list at the bottom shows progress and cancels</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Cop&amp;y as</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The same run as text, to repeat it elsewhere</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Assess</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The image to assess: the latest result, or any other</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>A clear image of the same place and about the same date</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Where the report goes, a page with its figures; empty: a temporary file</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Result</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Refere&amp;nce</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Report</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>PSNR, SSIM, MAE and SAM for all, cloudy and clear pixels, with an error map</source>
   <translation type="unfinished" />
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
   <translation type="unfinished" />
  </message>
  <message>
   <source>Wheels</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Op&amp;tical</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The cloudy Sentinel-2 image</source>
   <translation>Das bewölkte Sentinel-2-Bild</translation>
  </message>
  <message>
   <source>S&amp;AR</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>A Sentinel-1 image of the same place and about the same date</source>
   <translation>Ein Sentinel-1-Bild desselben Orts und ungefähr desselben Datums</translation>
  </message>
  <message>
   <source>Mas&amp;k</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Where to reconstruct; the rest stays exactly as it is</source>
   <translation>Wo rekonstruiert wird; der Rest bleibt genau, wie er ist</translation>
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
   <source>Also written and loaded, beside the image</source>
   <translation>Wird außer dem Bild geschrieben und geladen</translation>
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
  <name>DockController</name>
  <message>
   <source>Copied; layers stand in it as files.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Cloud removal</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Preview of the centre, {0} × {1} pixels; zoom in to see the rest.</source>
   <translation type="unfinished" />
  </message>
 </context>
 <context>
  <name>CurveBackground</name>
  <message>
   <source>Measured on the model's validation scenes; up is better. PSNR: closeness to the truth. LPIPS: likeness of texture.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>This model's card holds no measurements.</source>
   <translation type="unfinished" />
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
   <translation type="unfinished" />
  </message>
  <message>
   <source>Device</source>
   <translation>Gerät</translation>
  </message>
  <message>
   <source>auto takes the fastest at hand; those that begin with torch need a worker</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Threads</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Processor threads for the network</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Tile overlap</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>What neighbouring tiles share; more costs time and hides their borders better</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Python of the worker</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Another Python, which has torch or a CUDA build of ONNX Runtime; jobs and previews run there</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>&amp;Self-test</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Runs one tile with these settings: device, seconds, checksum</source>
   <translation>Rechnet eine Kachel mit diesen Einstellungen: Gerät, Sekunden, Prüfsumme</translation>
  </message>
  <message>
   <source>Model</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Model file</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>What the dock and the algorithms use unless they are told otherwise</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Model folder</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The dock offers every model file in it</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Preview</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Longest side</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>A map that shows more is previewed in its centre</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Cache</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Memory for what earlier previews looked at: going back costs nothing</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>&amp;Clear</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Forgets what earlier previews looked at</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Folder</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Where the plugin keeps its own ONNX Runtime, outside QGIS's packages</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Package index</source>
   <translation>Paketindex</translation>
  </message>
  <message>
   <source>Where it is downloaded from, on request only</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>all cores</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>a quarter of a tile</source>
   <translation>ein Viertel einer Kachel</translation>
  </message>
  <message>
   <source> pixels</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>none: everything runs inside QGIS</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>the bundled one</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>none</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>in the profile</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>DB-CR models</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>in use: {0} MB</source>
   <translation type="unfinished" />
  </message>
 </context>
 <context>
  <name>DbcrPlugin</name>
  <message>
   <source>Cloud removal (DB-CR)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Remove clouds from a Sentinel-2 image</source>
   <translation>Wolken aus einem Sentinel-2-Bild entfernen</translation>
  </message>
 </context>
 <context>
  <name>SideBySide</name>
  <message>
   <source>Cloud removal, side by side</source>
   <translation type="unfinished" />
  </message>
 </context>
</TS>
