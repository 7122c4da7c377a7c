<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="fr" sourcelanguage="en">
 <context>
  <name>DbcrAlgorithm</name>
  <message>
   <source>Assess against a reference</source>
   <translation>Évaluer avec une référence</translation>
  </message>
  <message>
   <source>&lt;p&gt;Compares an image with a reference of the same place: PSNR, SSIM, mean absolute error and spectral angle, over the bands both have, for all pixels and, with a cloud mask, for cloudy and clear ones apart.&lt;/p&gt;&lt;p&gt;A reference from another date differs by more than the reconstruction's error: the ground changed too.&lt;/p&gt;</source>
   <translation>&lt;p&gt;Compare une image à une référence du même lieu : PSNR, SSIM, erreur absolue moyenne et angle spectral, sur les bandes communes, pour tous les pixels et, avec un masque de nuages, séparément pour les pixels nuageux et les pixels clairs.&lt;/p&gt;&lt;p&gt;Une référence d'une autre date diffère de plus que l'erreur de la reconstruction : le sol aussi a changé.&lt;/p&gt;</translation>
  </message>
  <message>
   <source>Image to assess</source>
   <translation>Image à évaluer</translation>
  </message>
  <message>
   <source>Reference image</source>
   <translation>Image de référence</translation>
  </message>
  <message>
   <source>Cloud mask</source>
   <translation>Masque de nuages</translation>
  </message>
  <message>
   <source>Assessment of a cloud-free image</source>
   <translation>Évaluation d'une image sans nuages</translation>
  </message>
  <message>
   <source>A page with the figures and a chart per band.</source>
   <translation>Une page avec les chiffres et un graphique par bande.</translation>
  </message>
  <message>
   <source>The same for programs.</source>
   <translation>La même chose pour les programmes.</translation>
  </message>
  <message>
   <source>all</source>
   <translation>tous</translation>
  </message>
  <message>
   <source>cloudy</source>
   <translation>nuageux</translation>
  </message>
  <message>
   <source>clear</source>
   <translation>clairs</translation>
  </message>
  <message>
   <source>accuracy,psnr,ssim,mae,sam,validation,compare</source>
   <translation>précision,psnr,ssim,mae,sam,validation,comparer</translation>
  </message>
  <message>
   <source>A result of this plugin, say.</source>
   <translation>Par exemple un résultat de cette extension.</translation>
  </message>
  <message>
   <source>A clear image from about the same date.</source>
   <translation>Une image claire d'à peu près la même date.</translation>
  </message>
  <message>
   <source>Scores its pixels and the others apart.</source>
   <translation>Ses pixels et les autres sont évalués séparément.</translation>
  </message>
  <message>
   <source>Bands of the image to assess, in file order</source>
   <translation>Bandes de l'image à évaluer, dans l'ordre du fichier</translation>
  </message>
  <message>
   <source>Bands of the reference image, in file order</source>
   <translation>Bandes de l'image de référence, dans l'ordre du fichier</translation>
  </message>
  <message>
   <source>Values of the image to assess are</source>
   <translation>Les valeurs de l'image à évaluer sont</translation>
  </message>
  <message>
   <source>Values of the reference image are</source>
   <translation>Les valeurs de l'image de référence sont</translation>
  </message>
  <message>
   <source>Overrules what was detected: dn (reflectance × 10000), dn-1000 (with the offset still in), reflectance (0 … 1).</source>
   <translation>Prévaut sur ce qui a été détecté : dn (réflectance × 10000), dn-1000 (décalage encore présent), reflectance (0 … 1).</translation>
  </message>
  <message>
   <source>Report</source>
   <translation>Rapport</translation>
  </message>
  <message>
   <source>Figures as JSON</source>
   <translation>Chiffres en JSON</translation>
  </message>
  <message>
   <source>Report (JSON)</source>
   <translation>Rapport (JSON)</translation>
  </message>
  <message>
   <source>image to assess</source>
   <translation>image à évaluer</translation>
  </message>
  <message>
   <source>reference image</source>
   <translation>image de référence</translation>
  </message>
  <message>
   <source>cloud mask</source>
   <translation>masque de nuages</translation>
  </message>
  <message>
   <source>pixels</source>
   <translation>pixels</translation>
  </message>
  <message>
   <source>count</source>
   <translation>nombre</translation>
  </message>
  <message>
   <source>Mean absolute error per band, in reflectance</source>
   <translation>Erreur absolue moyenne par bande, en réflectance</translation>
  </message>
  <message>
   <source>Where they differ</source>
   <translation>Où elles diffèrent</translation>
  </message>
  <message>
   <source>White: no difference; dark red: 0.1 reflectance and more; grey: no data.</source>
   <translation>Blanc : aucune différence ; rouge foncé : réflectance de 0,1 et plus ; gris : pas de données.</translation>
  </message>
  <message>
   <source>A .dbcr file; default: the one chosen in the options, or else the bundled model.</source>
   <translation>Un fichier .dbcr ; par défaut : le modèle choisi dans les options, sinon le modèle fourni.</translation>
  </message>
  <message>
   <source>Otherwise files that lead there, such as virtual rasters of web addresses, are refused.</source>
   <translation>Sinon, les fichiers qui y mènent, comme les rasters virtuels d’adresses web, sont refusés.</translation>
  </message>
  <message>
   <source>Mask values are</source>
   <translation>Les valeurs du masque sont</translation>
  </message>
  <message>
   <source>auto decides by name and values; binary (above 0 is cloud), probability, or scl (scene classes).</source>
   <translation>auto décide d'après le nom et les valeurs ; binary (au-dessus de 0 : nuage), probability (probabilité) ou scl (classes de scène).</translation>
  </message>
  <message>
   <source>Only where the file does not name its bands; - skips a band.</source>
   <translation>Seulement si le fichier ne nomme pas ses bandes ; - saute une bande.</translation>
  </message>
  <message>
   <source>optical image</source>
   <translation>image optique</translation>
  </message>
  <message>
   <source>SAR image</source>
   <translation>image SAR</translation>
  </message>
  <message>
   <source>Model file</source>
   <translation>Fichier du modèle</translation>
  </message>
  <message>
   <source>Read inputs over the network, too</source>
   <translation>Lire aussi des entrées par le réseau</translation>
  </message>
  <message>
   <source>Diagnostics</source>
   <translation>Diagnostic</translation>
  </message>
  <message>
   <source>&lt;p&gt;Writes versions, the ONNX Runtime found, the model and this plugin's settings to the log: the text to paste into a bug report. It names folders on your computer; look it over before you post it.&lt;/p&gt;</source>
   <translation>&lt;p&gt;Écrit dans le journal les versions, l'ONNX Runtime trouvé, le modèle et les réglages de cette extension : le texte à coller dans un rapport d'anomalie. Il nomme des dossiers de votre ordinateur ; relisez-le avant de le publier.&lt;/p&gt;</translation>
  </message>
  <message>
   <source>version,support,bug,report</source>
   <translation>version,assistance,anomalie,rapport</translation>
  </message>
  <message>
   <source>Inspect inputs</source>
   <translation>Examiner les entrées</translation>
  </message>
  <message>
   <source>&lt;p&gt;Says what “Remove clouds” would find in the inputs: which bands and how they were recognised, L1C or L2A, whether the −1000 offset is still in, decibels or power, grids, overlap, dates, cloud share; and warns of snow, water, cirrus, saturation and gaps.&lt;/p&gt;&lt;p&gt;Nothing is computed and nothing is changed.&lt;/p&gt;</source>
   <translation>&lt;p&gt;Dit ce que « Supprimer les nuages » trouverait dans les entrées : quelles bandes et comment elles ont été reconnues, L1C ou L2A, si le décalage de −1000 est encore présent, décibels ou puissance, grilles, recouvrement, dates, part de nuages ; et avertit de la neige, de l'eau, des cirrus, de la saturation et des lacunes.&lt;/p&gt;&lt;p&gt;Rien n'est calculé et rien n'est modifié.&lt;/p&gt;</translation>
  </message>
  <message>
   <source>What was found in the inputs</source>
   <translation>Ce qui a été trouvé dans les entrées</translation>
  </message>
  <message>
   <source>A page with what was found.</source>
   <translation>Une page avec ce qui a été trouvé.</translation>
  </message>
  <message>
   <source>check,bands,radiometry,offset,decibel,overlap,sentinel</source>
   <translation>vérifier,bandes,radiométrie,décalage,décibel,recouvrement,sentinel</translation>
  </message>
  <message>
   <source>Cloudy Sentinel-2 image</source>
   <translation>Image Sentinel-2 nuageuse</translation>
  </message>
  <message>
   <source>L1C or L2A, 3 bands or more.</source>
   <translation>L1C ou L2A, à partir de 3 bandes.</translation>
  </message>
  <message>
   <source>Sentinel-1 image</source>
   <translation>Image Sentinel-1</translation>
  </message>
  <message>
   <source>VV and VH, in any unit, on any grid.</source>
   <translation>VV et VH, dans toute unité, sur toute grille.</translation>
  </message>
  <message>
   <source>0 and 1, cloud probability, or scene classes.</source>
   <translation>0 et 1, probabilité de nuage ou classes de scène.</translation>
  </message>
  <message>
   <source>Optical bands, in file order</source>
   <translation>Bandes optiques, dans l'ordre du fichier</translation>
  </message>
  <message>
   <source>SAR bands, in file order</source>
   <translation>Bandes SAR, dans l'ordre du fichier</translation>
  </message>
  <message>
   <source>Optical values are</source>
   <translation>Les valeurs optiques sont</translation>
  </message>
  <message>
   <source>SAR values are</source>
   <translation>Les valeurs SAR sont</translation>
  </message>
  <message>
   <source>Overrules what was detected.</source>
   <translation>Prévaut sur ce qui a été détecté.</translation>
  </message>
  <message>
   <source>Report as JSON</source>
   <translation>Rapport en JSON</translation>
  </message>
  <message>
   <source>Number of warnings</source>
   <translation>Nombre d'avertissements</translation>
  </message>
  <message>
   <source>Install ONNX Runtime</source>
   <translation>Installer ONNX Runtime</translation>
  </message>
  <message>
   <source>&lt;p&gt;Adds ONNX Runtime, which runs the networks, to a folder of this plugin in your QGIS profile. QGIS's own Python packages stay as they are.&lt;/p&gt;&lt;p&gt;The file comes from PyPI (up to 30 MB) and is accepted only with the SHA-256 that this version of the plugin knows. On a computer without a network, give the same wheel as a file.&lt;/p&gt;&lt;p&gt;The build &lt;i&gt;openvino&lt;/i&gt; (Linux, 84 MB, three times that on disk) can be faster on some Intel processors. With the device &lt;i&gt;auto&lt;/i&gt; the plugin measures on this computer whether it is, and uses it only then.&lt;/p&gt;</source>
   <translation>&lt;p&gt;Ajoute ONNX Runtime, qui exécute les réseaux, dans un dossier de cette extension de votre profil QGIS. Les paquets Python de QGIS restent tels quels.&lt;/p&gt;&lt;p&gt;Le fichier vient de PyPI (jusqu'à 30 Mo) et n'est accepté qu'avec le SHA-256 que cette version de l'extension connaît. Sur un ordinateur sans réseau, donnez le même wheel en fichier.&lt;/p&gt;&lt;p&gt;La variante &lt;i&gt;openvino&lt;/i&gt; (Linux, 84 Mo, le triple sur le disque) peut être plus rapide sur certains processeurs Intel. Avec le périphérique &lt;i&gt;auto&lt;/i&gt;, l'extension mesure sur cet ordinateur si c'est le cas, et ne l'utilise qu'alors.&lt;/p&gt;</translation>
  </message>
  <message>
   <source>Leave empty to download.</source>
   <translation>Laisser vide pour télécharger.</translation>
  </message>
  <message>
   <source>Build</source>
   <translation>Variante</translation>
  </message>
  <message>
   <source>“openvino” (Linux, 84 MB) can be faster on Intel processors. A wheel may be of either.</source>
   <translation>« openvino » (Linux, 84 Mo) peut être plus rapide sur les processeurs Intel. Un wheel peut être de l’une ou de l’autre.</translation>
  </message>
  <message>
   <source>Takes effect when QGIS starts again.</source>
   <translation>Prend effet au prochain démarrage de QGIS.</translation>
  </message>
  <message>
   <source>onnx,runtime,setup,dependency</source>
   <translation>onnx,runtime,installation,dépendance</translation>
  </message>
  <message>
   <source>Wheel on disk</source>
   <translation>Wheel sur le disque</translation>
  </message>
  <message>
   <source>Install even where a runtime works already</source>
   <translation>Installer même si un runtime fonctionne déjà</translation>
  </message>
  <message>
   <source>Version</source>
   <translation>Version</translation>
  </message>
  <message>
   <source>Folder</source>
   <translation>Dossier</translation>
  </message>
  <message>
   <source>ONNX Runtime works already, nothing was installed; AGAIN=true installs all the same.</source>
   <translation>ONNX Runtime fonctionne déjà, rien n'a été installé ; AGAIN=true installe quand même.</translation>
  </message>
  <message>
   <source>Installed; it is used when QGIS starts again.</source>
   <translation>Installé ; utilisé au prochain démarrage de QGIS.</translation>
  </message>
  <message>
   <source>Downloading {}</source>
   <translation>Téléchargement de {}</translation>
  </message>
  <message>
   <source>Installed, but the ONNX Runtime in {} goes before it; remove that one.</source>
   <translation>Installé, mais ONNX Runtime dans {} passe avant ; supprimez celui-là.</translation>
  </message>
  <message>
   <source>Remove clouds</source>
   <translation>Supprimer les nuages</translation>
  </message>
  <message>
   <source>Reconstructs the ground under clouds of a Sentinel-2 image with a Sentinel-1 image.</source>
   <translation>Reconstruit le sol sous les nuages d'une image Sentinel-2 à l'aide d'une image Sentinel-1.</translation>
  </message>
  <message>
   <source>&lt;p&gt;Reconstructs what clouds and their shadows hide in a Sentinel-2 image, with the help of a Sentinel-1 radar image of the same place from about the same time.&lt;/p&gt;&lt;p&gt;Bands, data type, scale, grid and metadata of the result are those of the optical input. Pixels outside the cloud mask stay exactly as they are. Bands are found by name or wavelength, units by metadata and values; the log says what was found, and the advanced parameters overrule it.&lt;/p&gt;&lt;p&gt;&lt;b&gt;NFE&lt;/b&gt; is the number of network evaluations: 1 is fastest and closest to the truth on average, more gives sharper texture and takes longer: 3 twice as long, 5 three times.&lt;/p&gt;&lt;p&gt;&lt;b&gt;Reconstructed pixels are estimates.&lt;/b&gt; Use the second output to tell them from observed ones.&lt;/p&gt;&lt;p&gt;On a server: &lt;code&gt;qgis_process run dbcr:removeclouds -- OPTICAL=s2.tif SAR=s1.tif OUTPUT=clear.tif&lt;/code&gt; (Debian and Ubuntu: &lt;code&gt;qgis_process.bin&lt;/code&gt;).&lt;/p&gt;</source>
   <translation>&lt;p&gt;Reconstruit ce que les nuages et leurs ombres cachent dans une image Sentinel-2, à l'aide d'une image radar Sentinel-1 du même lieu et d'à peu près la même époque.&lt;/p&gt;&lt;p&gt;Les bandes, le type de données, l'échelle, la grille et les métadonnées du résultat sont ceux de l'entrée optique. Les pixels hors du masque de nuages restent exactement tels quels. Les bandes sont reconnues par leur nom ou leur longueur d'onde, les unités par les métadonnées et les valeurs ; le journal dit ce qui a été trouvé, et les paramètres avancés prévalent.&lt;/p&gt;&lt;p&gt;&lt;b&gt;NFE&lt;/b&gt; est le nombre d'évaluations du réseau : 1 est le plus rapide et en moyenne le plus proche de la vérité, davantage donne une texture plus nette et prend plus de temps : le double pour 3, le triple pour 5.&lt;/p&gt;&lt;p&gt;&lt;b&gt;Les pixels reconstruits sont des estimations.&lt;/b&gt; La deuxième sortie les distingue des pixels observés.&lt;/p&gt;&lt;p&gt;Sur un serveur : &lt;code&gt;qgis_process run dbcr:removeclouds -- OPTICAL=s2.tif SAR=s1.tif OUTPUT=clear.tif&lt;/code&gt; (Debian et Ubuntu : &lt;code&gt;qgis_process.bin&lt;/code&gt;).&lt;/p&gt;</translation>
  </message>
  <message>
   <source>cloud,shadow,sentinel-2,sentinel-1,sar,radar,reconstruct,gap,diffusion,deep learning</source>
   <translation>nuage,ombre,sentinel-2,sentinel-1,sar,radar,reconstruire,lacune,diffusion,apprentissage profond</translation>
  </message>
  <message>
   <source>L1C or L2A, any number of bands from 3; a raster file or a layer read from one.</source>
   <translation>L1C ou L2A, à partir de 3 bandes ; un fichier raster ou une couche lue dans un tel fichier.</translation>
  </message>
  <message>
   <source>VV and VH, in decibels, power or amplitude, on any grid. Without it the result is much poorer.</source>
   <translation>VV et VH, en décibels, puissance ou amplitude, sur toute grille. Sans elle le résultat est bien moins bon.</translation>
  </message>
  <message>
   <source>0 and 1, cloud probability, or Sentinel-2 scene classes. Without one the model finds the clouds.</source>
   <translation>0 et 1, probabilité de nuage ou classes de scène Sentinel-2. Sans masque le modèle trouve les nuages.</translation>
  </message>
  <message>
   <source>Steps of the bridge from the cloudy to the clear image.</source>
   <translation>Étapes du pont entre l'image nuageuse et l'image claire.</translation>
  </message>
  <message>
   <source>Overrules what was detected: decibels, linear power or amplitude.</source>
   <translation>Prévaut sur ce qui a été détecté : décibels, puissance linéaire ou amplitude.</translation>
  </message>
  <message>
   <source>Outside the radar image the result is then reconstructed without radar.</source>
   <translation>Hors de l'image radar, la reconstruction se fait alors sans radar.</translation>
  </message>
  <message>
   <source>Only this part of the image; default: all of it.</source>
   <translation>Seulement cette partie de l'image ; par défaut : toute l'image.</translation>
  </message>
  <message>
   <source>Where to reconstruct</source>
   <translation>Où reconstruire</translation>
  </message>
  <message>
   <source>auto: inside the mask, or where the model sees cloud and shadow if there is no mask; none: every pixel.</source>
   <translation>auto : dans le masque ou, sans masque, là où le modèle voit nuage et ombre ; none : chaque pixel.</translation>
  </message>
  <message>
   <source>Share of certainty, 0 … 1, from which a pixel counts as cloud; default: one half, or the model's.</source>
   <translation>Degré de certitude, 0 … 1, à partir duquel un pixel compte comme nuage ; par défaut : un demi, ou celui du modèle.</translation>
  </message>
  <message>
   <source>Under opaque cloud, the broad level of each band follows the clear land around; off, or where there is too little of it: as bright as the model believes.</source>
   <translation>Sous les nuages opaques, le niveau général de chaque bande suit le terrain dégagé autour ; désactivé, ou là où il y en a trop peu : aussi clair que le modèle le suppose.</translation>
  </message>
  <message>
   <source>Device</source>
   <translation>Périphérique</translation>
  </message>
  <message>
   <source>auto takes the fastest at hand; torch needs a worker.</source>
   <translation>auto prend le plus rapide disponible ; torch exige un processus auxiliaire.</translation>
  </message>
  <message>
   <source>Run in another Python, which has torch or a CUDA build of ONNX Runtime; default: inside QGIS.</source>
   <translation>Exécuter dans un autre Python, doté de torch ou d'un ONNX Runtime pour CUDA ; par défaut : dans QGIS.</translation>
  </message>
  <message>
   <source>Processor threads for the network.</source>
   <translation>Fils du processeur pour le réseau.</translation>
  </message>
  <message>
   <source>Pixels that neighbouring tiles share, blended without a seam; default: a quarter of a tile.</source>
   <translation>Pixels communs aux tuiles voisines, fondus sans couture ; par défaut : un quart de tuile.</translation>
  </message>
  <message>
   <source>Sampler</source>
   <translation>Échantillonneur</translation>
  </message>
  <message>
   <source>ode: no randomness; sde: the paper's stochastic variant, reproducible by its seed.</source>
   <translation>ode : sans hasard ; sde : la variante stochastique de l'article, reproductible par sa graine.</translation>
  </message>
  <message>
   <source>The same seed gives the same result.</source>
   <translation>La même graine donne le même résultat.</translation>
  </message>
  <message>
   <source>Compression</source>
   <translation>Compression</translation>
  </message>
  <message>
   <source>Both without loss: deflate is read by every program, zstd is made and read in half the time.</source>
   <translation>Les deux sans perte : deflate est lu par tous les programmes, zstd s'écrit et se lit en deux fois moins de temps.</translation>
  </message>
  <message>
   <source>A cloud-optimised GeoTIFF.</source>
   <translation>Un GeoTIFF optimisé pour le cloud.</translation>
  </message>
  <message>
   <source>Network evaluations (1 faithful … 10 sharp)</source>
   <translation>Évaluations du réseau (1 fidèle … 10 net)</translation>
  </message>
  <message>
   <source>Go on where SAR covers only a part</source>
   <translation>Continuer si le SAR ne couvre qu'une partie</translation>
  </message>
  <message>
   <source>Extent</source>
   <translation>Étendue</translation>
  </message>
  <message>
   <source>Mask threshold</source>
   <translation>Seuil du masque</translation>
  </message>
  <message>
   <source>As bright as the clear land around</source>
   <translation>Aussi clair que le terrain dégagé autour</translation>
  </message>
  <message>
   <source>Grow the mask by (pixels)</source>
   <translation>Élargir le masque de (pixels)</translation>
  </message>
  <message>
   <source>For masks that miss the rim of clouds; default: layer 0, the model's own mask 4.</source>
   <translation>Pour les masques qui omettent le bord des nuages ; par défaut : couche 0, masque du modèle 4.</translation>
  </message>
  <message>
   <source>Feather inside the mask (pixels)</source>
   <translation>Adoucir à l'intérieur du masque (pixels)</translation>
  </message>
  <message>
   <source>The change fades in from the mask's edge inwards; default: layer 0, model 4.</source>
   <translation>Le changement s'installe peu à peu du bord du masque vers l'intérieur ; par défaut : couche 0, modèle 4.</translation>
  </message>
  <message>
   <source>Worker's Python</source>
   <translation>Python du processus auxiliaire</translation>
  </message>
  <message>
   <source>Threads (0: all cores)</source>
   <translation>Fils (0 : tous les cœurs)</translation>
  </message>
  <message>
   <source>Tile overlap (pixels)</source>
   <translation>Recouvrement des tuiles (pixels)</translation>
  </message>
  <message>
   <source>Seed of the stochastic sampler</source>
   <translation>Graine de l'échantillonneur stochastique</translation>
  </message>
  <message>
   <source>Cloud-free image</source>
   <translation>Image sans nuages</translation>
  </message>
  <message>
   <source>Reconstructed pixels</source>
   <translation>Pixels reconstruits</translation>
  </message>
  <message>
   <source>Per pixel 0 … 100 % reconstructed.</source>
   <translation>Par pixel, 0 … 100 % reconstruit.</translation>
  </message>
  <message>
   <source>Uncertainty</source>
   <translation>Incertitude</translation>
  </message>
  <message>
   <source>Expected absolute error per band, in its units.</source>
   <translation>Erreur absolue attendue par bande, dans ses unités.</translation>
  </message>
  <message>
   <source>Device used</source>
   <translation>Périphérique utilisé</translation>
  </message>
  <message>
   <source>Seconds</source>
   <translation>Secondes</translation>
  </message>
  <message>
   <source>Share of pixels reconstructed (0 … 1)</source>
   <translation>Part de pixels reconstruits (0 … 1)</translation>
  </message>
  <message>
   <source>Only where the file does not name its bands, such as {}; - skips a band.</source>
   <translation>Seulement si le fichier ne nomme pas ses bandes, par exemple {} ; - saute une bande.</translation>
  </message>
 </context>
 <context>
  <name>AssessmentDialog</name>
  <message>
   <source>Assessment</source>
   <translation>Évaluation</translation>
  </message>
  <message>
   <source>Save as HTML…</source>
   <translation>Enregistrer en HTML…</translation>
  </message>
  <message>
   <source>The same page with its figures, as one file</source>
   <translation>La même page avec ses figures, en un seul fichier</translation>
  </message>
  <message>
   <source>Open in the browser</source>
   <translation>Ouvrir dans le navigateur</translation>
  </message>
  <message>
   <source>Shows the page where it can be printed</source>
   <translation>Montre la page là où l'on peut l'imprimer</translation>
  </message>
  <message>
   <source>Save the report</source>
   <translation>Enregistrer le rapport</translation>
  </message>
  <message>
   <source>Cannot write {0} ({1}); choose another folder.</source>
   <translation>Impossible d'écrire {0} ({1}) ; choisissez un autre dossier.</translation>
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
   <translation>L'exécution n'a pas pu être préparée.</translation>
  </message>
  <message>
   <source>The run was cancelled; no output was written.</source>
   <translation>L'exécution a été annulée ; rien n'a été écrit.</translation>
  </message>
  <message>
   <source>Training</source>
   <translation>Entraînement</translation>
  </message>
  <message>
   <source>Licence: {0}</source>
   <translation>Licence : {0}</translation>
  </message>
  <message>
   <source>reconstruction</source>
   <translation>reconstruction</translation>
  </message>
  <message>
   <source>The preview, or the latest result, in the input's colours</source>
   <translation>L'aperçu, ou le dernier résultat, dans les couleurs de l'entrée</translation>
  </message>
  <message>
   <source>SAR</source>
   <translation>SAR</translation>
  </message>
  <message>
   <source>The radar image</source>
   <translation>L'image radar</translation>
  </message>
  <message>
   <source>changed pixels</source>
   <translation>pixels modifiés</translation>
  </message>
  <message>
   <source>Orange: reconstructed; the rest is as observed</source>
   <translation>Orange : reconstruit ; le reste est tel qu'observé</translation>
  </message>
  <message>
   <source>uncertainty</source>
   <translation>incertitude</translation>
  </message>
  <message>
   <source>How large an error the model expects, pale to dark blue</source>
   <translation>L'erreur que le modèle attend, du pâle au bleu foncé</translation>
  </message>
  <message>
   <source>input</source>
   <translation>entrée</translation>
  </message>
  <message>
   <source>preview: {0}</source>
   <translation>aperçu : {0}</translation>
  </message>
  <message>
   <source>ONNX Runtime, which runs the model, is missing. It can be added in three ways:</source>
   <translation>ONNX Runtime, qui exécute le modèle, manque. On peut l'ajouter de trois façons :</translation>
  </message>
  <message>
   <source>{0}, in the worker</source>
   <translation>{0}, dans le processus auxiliaire</translation>
  </message>
  <message>
   <source>optical image</source>
   <translation>image optique</translation>
  </message>
  <message>
   <source>SAR image</source>
   <translation>image SAR</translation>
  </message>
  <message>
   <source>cloud mask</source>
   <translation>masque de nuages</translation>
  </message>
  <message>
   <source>ONNX Runtime {0} is ready.</source>
   <translation>ONNX Runtime {0} est prêt.</translation>
  </message>
  <message>
   <source>Running in the background; the task list shows progress and cancels.</source>
   <translation>S'exécute en arrière-plan ; la liste des tâches montre l'avancement et annule.</translation>
  </message>
  <message>
   <source>preview {0} · whole scene at most {1}</source>
   <translation>aperçu {0} · scène entière au plus {1}</translation>
  </message>
  <message>
   <source>The map shows no part of the optical image; zoom to it for a preview.</source>
   <translation>La carte ne montre aucune partie de l'image optique ; zoomez dessus pour un aperçu.</translation>
  </message>
  <message>
   <source>linear power</source>
   <translation>puissance linéaire</translation>
  </message>
  <message>
   <source>amplitude</source>
   <translation>amplitude</translation>
  </message>
  <message>
   <source>{0} bands, {1}</source>
   <translation>{0} bandes, {1}</translation>
  </message>
  <message>
   <source>{0} days later</source>
   <translation>{0} jours plus tard</translation>
  </message>
  <message>
   <source>{0} days earlier</source>
   <translation>{0} jours plus tôt</translation>
  </message>
  <message>
   <source>other grid, will be aligned</source>
   <translation>autre grille, sera alignée</translation>
  </message>
  <message>
   <source>offset {0} still in</source>
   <translation>décalage {0} encore présent</translation>
  </message>
  <message>
   <source>SAR {0} in {1}, covers {2}</source>
   <translation>SAR {0} en {1}, couvre {2}</translation>
  </message>
  <message>
   <source>cloud about {0}, by brightness</source>
   <translation>nuages environ {0}, d'après la luminosité</translation>
  </message>
  <message>
   <source>There is not enough memory; close other programs.</source>
   <translation>La mémoire ne suffit pas ; fermez d'autres programmes.</translation>
  </message>
  <message>
   <source>Unexpected {0}; please report it with what QGIS's log says under DB-CR.</source>
   <translation>Erreur inattendue {0} ; veuillez la signaler avec ce que le journal de QGIS contient sous DB-CR.</translation>
  </message>
  <message>
   <source>Inspecting the inputs</source>
   <translation>Examen des entrées</translation>
  </message>
  <message>
   <source>Load a Sentinel-2 raster file to begin.</source>
   <translation>Pour commencer, chargez un fichier raster Sentinel-2.</translation>
  </message>
  <message>
   <source>The SAR image lies elsewhere; choose one of the same place.</source>
   <translation>L'image SAR est ailleurs ; choisissez-en une du même lieu.</translation>
  </message>
  <message>
   <source>Without SAR the result is much poorer; choose a Sentinel-1 image if you have one.</source>
   <translation>Sans SAR le résultat est bien moins bon ; choisissez une image Sentinel-1 si vous en avez une.</translation>
  </message>
  <message>
   <source>The two images are {0} days apart; the ground may have changed.</source>
   <translation>Les deux images sont distantes de {0} jours ; le sol a pu changer.</translation>
  </message>
  <message>
   <source>No {0} was given; choose a raster layer or a raster file.</source>
   <translation>Il manque : {0}. Choisissez une couche ou un fichier raster.</translation>
  </message>
  <message>
   <source>“{0}” is no raster layer; choose a raster file as the {1}.</source>
   <translation>« {0} » n'est pas une couche raster ; choisissez un fichier raster ({1}).</translation>
  </message>
  <message>
   <source>“{0}” cannot be read as a raster; check that the file exists and is an image GDAL can open.</source>
   <translation>« {0} » ne peut être lu comme raster ; vérifiez que le fichier existe et que GDAL peut l'ouvrir.</translation>
  </message>
  <message>
   <source>“{0}” is a map service, not measured values; choose a raster file as the {1}.</source>
   <translation>« {0} » est un service de cartes, pas des valeurs mesurées ; choisissez un fichier raster ({1}).</translation>
  </message>
  <message>
   <source>“{0}” is read over the network; save it to disk and choose the file as the {1}.</source>
   <translation>« {0} » est lu par le réseau ; enregistrez-le sur le disque et choisissez le fichier ({1}).</translation>
  </message>
  <message>
   <source>“{0}” has no coordinate reference system; assign one (Raster ▸ Projections ▸ Assign Projection).</source>
   <translation>« {0} » n'a pas de système de coordonnées ; attribuez-en un (Raster ▸ Projections ▸ Assigner une projection).</translation>
  </message>
  <message>
   <source>Cloud removal self-test</source>
   <translation>Suppression des nuages : autotest</translation>
  </message>
  <message>
   <source>Cloud removal</source>
   <translation>Suppression des nuages</translation>
  </message>
  <message>
   <source>Cloud removal (DB-CR)</source>
   <translation>Suppression des nuages (DB-CR)</translation>
  </message>
  <message>
   <source>Remove clouds from a Sentinel-2 image</source>
   <translation>Supprimer les nuages d'une image Sentinel-2</translation>
  </message>
  <message>
   <source>Cloud removal preview</source>
   <translation>Suppression des nuages : aperçu</translation>
  </message>
  <message>
   <source>Preparing a cloud removal preview</source>
   <translation>Suppression des nuages : préparation de l'aperçu</translation>
  </message>
  <message>
   <source>the offset is removed</source>
   <translation>le décalage est retiré</translation>
  </message>
  <message>
   <source>the offset is still in</source>
   <translation>le décalage y est encore</translation>
  </message>
  <message>
   <source>reflectance, 0 … 1</source>
   <translation>réflectance, 0 … 1</translation>
  </message>
  <message>
   <source>decibels</source>
   <translation>décibels</translation>
  </message>
  <message>
   <source>all above 0 is cloud</source>
   <translation>tout ce qui dépasse 0 est nuage</translation>
  </message>
  <message>
   <source>probability</source>
   <translation>probabilité</translation>
  </message>
  <message>
   <source>scene classes</source>
   <translation>classes de scène</translation>
  </message>
  <message>
   <source>What is right?</source>
   <translation>Qu’est-ce qui est juste ?</translation>
  </message>
  <message>
   <source>{0}: {1} s per tile, mean {2}, checksum {3} (the same computer and device give the same checksum)</source>
   <translation>{0} : {1} s par tuile, moyenne {2}, somme de contrôle {3} (le même ordinateur et le même périphérique donnent la même somme)</translation>
  </message>
  <message>
   <source>right: within {0} of the model's own answer</source>
   <translation>juste : à {0} près, la réponse propre du modèle</translation>
  </message>
  <message>
   <source>0: as observed</source>
   <translation>0 : tel qu'observé</translation>
  </message>
  <message>
   <source>almost none</source>
   <translation>presque aucune</translation>
  </message>
  <message>
   <source>0 %: as observed</source>
   <translation>0 % : tel qu'observé</translation>
  </message>
  <message>
   <source>1 … 99 %: mixed, at the edge</source>
   <translation>1 … 99 % : mélange, au bord</translation>
  </message>
  <message>
   <source>100 %: reconstructed</source>
   <translation>100 % : reconstruit</translation>
  </message>
  <message>
   <source>reflectance {0}</source>
   <translation>réflectance {0}</translation>
  </message>
  <message>
   <source>reflectance {0} and more</source>
   <translation>réflectance {0} et plus</translation>
  </message>
  <message>
   <source>reconstructed pixels</source>
   <translation>pixels reconstruits</translation>
  </message>
  <message>
   <source>cloud-free</source>
   <translation>sans nuages</translation>
  </message>
  <message>
   <source>{0}: {1} of the pixels were reconstructed.</source>
   <translation>{0} : {1} des pixels ont été reconstruits.</translation>
  </message>
  <message>
   <source>{0}, clouds removed</source>
   <translation>{0}, nuages supprimés</translation>
  </message>
 </context>
 <context>
  <name>DbcrDock</name>
  <message>
   <source>Cloud removal</source>
   <translation>Suppression des nuages</translation>
  </message>
  <message>
   <source>As measured with the preview; a scene costs less where it is clear</source>
   <translation>Mesuré avec l'aperçu ; une scène coûte moins là où elle est claire</translation>
  </message>
  <message>
   <source>&amp;Get ONNX Runtime (up to 30 MB)</source>
   <translation>Obtenir ONNX Runtime (jusqu'à 30 Mo)</translation>
  </message>
  <message>
   <source>Downloads it once, beside QGIS's own packages; nothing of QGIS changes</source>
   <translation>Le télécharge une fois, à côté des paquets de QGIS ; rien ne change dans QGIS</translation>
  </message>
  <message>
   <source>or a wheel from disk</source>
   <translation>ou un wheel du disque</translation>
  </message>
  <message>
   <source>Wheel on disk</source>
   <translation>Wheel sur le disque</translation>
  </message>
  <message>
   <source>Without a network: the same wheel as a file</source>
   <translation>Sans réseau : le même wheel en fichier</translation>
  </message>
  <message>
   <source>The same from a command line</source>
   <translation>La même chose en ligne de commande</translation>
  </message>
  <message>
   <source>The bundled model, and those in the folder that the options name</source>
   <translation>Le modèle fourni, et ceux du dossier nommé dans les options</translation>
  </message>
  <message>
   <source>Model card</source>
   <translation>Fiche du modèle</translation>
  </message>
  <message>
   <source>What the model was trained on, how well it does, and where not to trust it</source>
   <translation>Sur quoi le modèle a été entraîné, ce qu'il vaut et où ne pas s'y fier</translation>
  </message>
  <message>
   <source>Model</source>
   <translation>Modèle</translation>
  </message>
  <message>
   <source>What really computes; the options choose it</source>
   <translation>Ce qui calcule vraiment ; les options le choisissent</translation>
  </message>
  <message>
   <source>Device</source>
   <translation>Périphérique</translation>
  </message>
  <message>
   <source>What was found in the inputs</source>
   <translation>Ce qui a été trouvé dans les entrées</translation>
  </message>
  <message>
   <source>as bright as the clear land around</source>
   <translation>aussi clair que les alentours</translation>
  </message>
  <message>
   <source>Under clouds the brightness of each band follows the clear land around; off: the model's own</source>
   <translation>Sous les nuages, la luminosité de chaque bande suit le terrain dégagé autour ; désactivé : celle du modèle</translation>
  </message>
  <message>
   <source>Reconstruct what the map shows now</source>
   <translation>Reconstruire ce que montre la carte</translation>
  </message>
  <message>
   <source>follow the map</source>
   <translation>suivre la carte</translation>
  </message>
  <message>
   <source>Draw a new preview after panning and zooming</source>
   <translation>Redessiner après déplacement ou zoom</translation>
  </message>
  <message>
   <source>Reconstructed pixels are estimates, not observations.</source>
   <translation>Les pixels reconstruits sont des estimations, pas des observations.</translation>
  </message>
  <message>
   <source>let the model find clouds</source>
   <translation>le modèle trouve les nuages</translation>
  </message>
  <message>
   <source>every pixel</source>
   <translation>tous les pixels</translation>
  </message>
  <message>
   <source>none (poorer result)</source>
   <translation>aucune (résultat moins bon)</translation>
  </message>
  <message>
   <source>told once an image is chosen</source>
   <translation>indiqué dès qu'une image est choisie</translation>
  </message>
  <message>
   <source>Wheels</source>
   <translation>Wheels</translation>
  </message>
  <message>
   <source>Op&amp;tical</source>
   <translation>&amp;Optique</translation>
  </message>
  <message>
   <source>The cloudy Sentinel-2 image</source>
   <translation>L'image Sentinel-2 nuageuse</translation>
  </message>
  <message>
   <source>S&amp;AR</source>
   <translation>&amp;SAR</translation>
  </message>
  <message>
   <source>A Sentinel-1 image of the same place and about the same date</source>
   <translation>Une image Sentinel-1 du même lieu, de date proche</translation>
  </message>
  <message>
   <source>Mas&amp;k</source>
   <translation>Mas&amp;que</translation>
  </message>
  <message>
   <source>Where to reconstruct; the rest stays exactly as it is</source>
   <translation>Où reconstruire ; le reste demeure exactement tel quel</translation>
  </message>
  <message>
   <source>Prev&amp;iew</source>
   <translation>Ap&amp;erçu</translation>
  </message>
 </context>
 <context>
  <name>RunBox</name>
  <message>
   <source>Where the cloud-free image goes; empty: a temporary file</source>
   <translation>Où va l'image sans nuages ; vide : un fichier temporaire</translation>
  </message>
  <message>
   <source>Whole scene</source>
   <translation>Scène entière</translation>
  </message>
  <message>
   <source>[temporary file]</source>
   <translation>[fichier temporaire]</translation>
  </message>
  <message>
   <source>Cloud-free image</source>
   <translation>Image sans nuages</translation>
  </message>
  <message>
   <source>changed pixels</source>
   <translation>pixels modifiés</translation>
  </message>
  <message>
   <source>uncertainty</source>
   <translation>incertitude</translation>
  </message>
  <message>
   <source>In the background; the task list at the bottom shows progress and cancels</source>
   <translation>En arrière-plan ; la liste des tâches, en bas, montre l'avancement et annule</translation>
  </message>
  <message>
   <source>Cop&amp;y as</source>
   <translation>Copier en</translation>
  </message>
  <message>
   <source>The same run as text, to repeat it elsewhere</source>
   <translation>La même exécution en texte, pour la répéter ailleurs</translation>
  </message>
  <message>
   <source>Also written and loaded; beside a named image, as …_changed.tif and …_uncertainty.tif</source>
   <translation>Également écrit et chargé ; à côté d'une image nommée, sous …_changed.tif et …_uncertainty.tif</translation>
  </message>
  <message>
   <source>R&amp;un on the whole scene</source>
   <translation>Exécuter sur &amp;la scène</translation>
  </message>
  <message>
   <source>qgis_process command</source>
   <translation>commande qgis_process</translation>
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
   <translation>Où va le rapport, une page avec ses figures ; vide : un fichier temporaire</translation>
  </message>
  <message>
   <source>Assess</source>
   <translation>Évaluer</translation>
  </message>
  <message>
   <source>The image to assess: the latest result, or any other</source>
   <translation>L'image à évaluer : le dernier résultat, ou une autre</translation>
  </message>
  <message>
   <source>A clear image of the same place and about the same date</source>
   <translation>Une image claire du même lieu et d'à peu près la même date</translation>
  </message>
  <message>
   <source>[temporary file]</source>
   <translation>[fichier temporaire]</translation>
  </message>
  <message>
   <source>Report</source>
   <translation>Rapport</translation>
  </message>
  <message>
   <source>Result</source>
   <translation>Résultat</translation>
  </message>
  <message>
   <source>Refere&amp;nce</source>
   <translation>Ré&amp;férence</translation>
  </message>
  <message>
   <source>PSNR, SSIM, MAE and SAM for all, cloudy and clear pixels, with an error map</source>
   <translation>PSNR, SSIM, MAE et SAM pour tous les pixels, nuageux et clairs, avec une carte des erreurs</translation>
  </message>
 </context>
 <context>
  <name>CompareLines</name>
  <message>
   <source>What lies over the input</source>
   <translation>Ce qui recouvre l'entrée</translation>
  </message>
  <message>
   <source>Over the input</source>
   <translation>Sur l'entrée</translation>
  </message>
  <message>
   <source>Swipe</source>
   <translation>Balayer</translation>
  </message>
  <message>
   <source>Drag a line over the map between input and picture</source>
   <translation>Glisser une ligne entre l'entrée et l'image</translation>
  </message>
  <message>
   <source>&amp;Flip</source>
   <translation>Alter&amp;ner</translation>
  </message>
  <message>
   <source>Hide or show the picture; the space bar does it while swiping</source>
   <translation>Masquer ou afficher l'image ; la barre d'espace le fait pendant le balayage</translation>
  </message>
  <message>
   <source>Side &amp;by side</source>
   <translation>Côte à côte</translation>
  </message>
  <message>
   <source>Reconstruction, SAR, changed pixels and uncertainty in linked maps</source>
   <translation>Reconstruction, SAR, pixels modifiés et incertitude dans des cartes liées</translation>
  </message>
  <message>
   <source>reconstruction</source>
   <translation>reconstruction</translation>
  </message>
  <message>
   <source>SAR</source>
   <translation>SAR</translation>
  </message>
  <message>
   <source>changed pixels</source>
   <translation>pixels modifiés</translation>
  </message>
  <message>
   <source>uncertainty</source>
   <translation>incertitude</translation>
  </message>
 </context>
 <context>
  <name>DockController</name>
  <message>
   <source>Copied; layers stand in it as files.</source>
   <translation>Copié ; les couches y figurent comme fichiers.</translation>
  </message>
  <message>
   <source>Cloud removal</source>
   <translation>Suppression des nuages</translation>
  </message>
  <message>
   <source>Preview of the centre, {0} × {1} pixels; zoom in to see the rest.</source>
   <translation>Aperçu du centre, {0} × {1} pixels ; zoomez pour voir le reste.</translation>
  </message>
 </context>
 <context>
  <name>CurveBackground</name>
  <message>
   <source>Measured on the model's validation scenes; up is better. PSNR: closeness to the truth. LPIPS: likeness of texture.</source>
   <translation>Mesuré sur les scènes de validation du modèle ; plus haut est meilleur. PSNR : proximité de la vérité. LPIPS : ressemblance de la texture.</translation>
  </message>
  <message>
   <source>This model's card holds no measurements.</source>
   <translation>La fiche de ce modèle ne contient pas de mesures.</translation>
  </message>
 </context>
 <context>
  <name>NfeDial</name>
  <message>
   <source>Network evaluations</source>
   <translation>Évaluations du réseau</translation>
  </message>
  <message>
   <source>Network evaluations (NFE). 1: closest to the truth on average. More: sharper texture, more time.</source>
   <translation>Évaluations du réseau (NFE). 1 : en moyenne le plus fidèle. Plus : texture plus nette, plus de temps.</translation>
  </message>
  <message>
   <source>faithful</source>
   <translation>fidèle</translation>
  </message>
  <message>
   <source>sharp</source>
   <translation>net</translation>
  </message>
 </context>
 <context>
  <name>OptionsPage</name>
  <message>
   <source>running…</source>
   <translation>en cours…</translation>
  </message>
  <message>
   <source>Computing</source>
   <translation>Calcul</translation>
  </message>
  <message>
   <source>Device</source>
   <translation>Périphérique</translation>
  </message>
  <message>
   <source>auto takes the fastest at hand; those that begin with torch need a worker</source>
   <translation>auto prend le plus rapide disponible ; ceux qui commencent par torch exigent un processus auxiliaire</translation>
  </message>
  <message>
   <source>Threads</source>
   <translation>Fils</translation>
  </message>
  <message>
   <source>Processor threads for the network</source>
   <translation>Fils du processeur pour le réseau</translation>
  </message>
  <message>
   <source>Tile overlap</source>
   <translation>Recouvrement des tuiles</translation>
  </message>
  <message>
   <source>What neighbouring tiles share; more costs time and hides their borders better</source>
   <translation>Ce que partagent les tuiles voisines ; davantage coûte du temps et cache mieux leurs bords</translation>
  </message>
  <message>
   <source>Compression</source>
   <translation>Compression</translation>
  </message>
  <message>
   <source>Of the files that the dock writes: deflate is read by every program, zstd takes half the time</source>
   <translation>Des fichiers que le panneau écrit : deflate est lu par tous les programmes, zstd prend deux fois moins de temps</translation>
  </message>
  <message>
   <source>Python of the worker</source>
   <translation>Python du processus auxiliaire</translation>
  </message>
  <message>
   <source>Another Python, which has torch or a CUDA build of ONNX Runtime; jobs and previews run there</source>
   <translation>Un autre Python, doté de torch ou d'un ONNX Runtime pour CUDA ; exécutions et aperçus y tournent</translation>
  </message>
  <message>
   <source>&amp;Self-test</source>
   <translation>Auto&amp;test</translation>
  </message>
  <message>
   <source>Runs one tile with these settings: device, seconds, checksum</source>
   <translation>Calcule une tuile avec ces réglages : périphérique, secondes, somme de contrôle</translation>
  </message>
  <message>
   <source>Model</source>
   <translation>Modèle</translation>
  </message>
  <message>
   <source>Model file</source>
   <translation>Fichier du modèle</translation>
  </message>
  <message>
   <source>What the dock and the algorithms use unless they are told otherwise</source>
   <translation>Ce qu'utilisent le panneau et les algorithmes sauf indication contraire</translation>
  </message>
  <message>
   <source>Model folder</source>
   <translation>Dossier des modèles</translation>
  </message>
  <message>
   <source>The dock offers every model file in it</source>
   <translation>Le panneau propose chaque fichier de modèle qu'il contient</translation>
  </message>
  <message>
   <source>Preview</source>
   <translation>Aperçu</translation>
  </message>
  <message>
   <source>Longest side</source>
   <translation>Plus grand côté</translation>
  </message>
  <message>
   <source>A map that shows more is previewed in its centre</source>
   <translation>Si la carte montre davantage, l'aperçu porte sur son centre</translation>
  </message>
  <message>
   <source>Cache</source>
   <translation>Cache</translation>
  </message>
  <message>
   <source>Memory for what earlier previews looked at: going back costs nothing</source>
   <translation>Mémoire pour ce qu'ont regardé les aperçus précédents : revenir ne coûte rien</translation>
  </message>
  <message>
   <source>&amp;Clear</source>
   <translation>&amp;Vider</translation>
  </message>
  <message>
   <source>Forgets what earlier previews looked at</source>
   <translation>Oublie ce qu'ont regardé les aperçus précédents</translation>
  </message>
  <message>
   <source>Folder</source>
   <translation>Dossier</translation>
  </message>
  <message>
   <source>Where the plugin keeps its own ONNX Runtime, outside QGIS's packages</source>
   <translation>Où l'extension garde son propre ONNX Runtime, hors des paquets de QGIS</translation>
  </message>
  <message>
   <source>Package index</source>
   <translation>Index des paquets</translation>
  </message>
  <message>
   <source>Where it is downloaded from, on request only</source>
   <translation>D'où il est téléchargé, seulement sur demande</translation>
  </message>
  <message>
   <source>all cores</source>
   <translation>tous les cœurs</translation>
  </message>
  <message>
   <source>a quarter of a tile</source>
   <translation>un quart de tuile</translation>
  </message>
  <message>
   <source> pixels</source>
   <translation> pixels</translation>
  </message>
  <message>
   <source>none: everything runs inside QGIS</source>
   <translation>aucun : tout dans QGIS</translation>
  </message>
  <message>
   <source>the bundled one</source>
   <translation>celui fourni</translation>
  </message>
  <message>
   <source>none</source>
   <translation>aucun</translation>
  </message>
  <message>
   <source>in the profile</source>
   <translation>dans le profil</translation>
  </message>
  <message>
   <source>DB-CR models</source>
   <translation>Modèles DB-CR</translation>
  </message>
  <message>
   <source>in use: {0} MB</source>
   <translation>utilisés : {0} Mo</translation>
  </message>
 </context>
 <context>
  <name>SideBySide</name>
  <message>
   <source>Cloud removal, side by side</source>
   <translation>Suppression des nuages, côte à côte</translation>
  </message>
 </context>
</TS>
